/** What a test asked for: a place of its own on a server, or why there is none. */
export interface Service {
  /** A database nobody else uses; `''` when there is no server. */
  readonly url: string
  /** Why tests that need it are skipped: for `suite('…', { skip: service.skip }, …)`. */
  readonly skip?: string
}

/** A kind of server: how it is found, started, and divided among tests. */
export interface Kind {
  readonly name: string
  /** The environment variable that names a server. */
  readonly variable: string
  /** Where such a server usually listens, with the accounts that need no password. */
  readonly usual: readonly string[]
  /** The package of Debian. */
  readonly debian: string
  /** @throws when the server does not answer, or lets nobody in */
  readonly reach: (server: string) => Promise<void>
  /** @throws when there is no program to start */
  readonly start: () => Promise<string>
  /** Make a place of the caller's own on the server, and sweep away what is older than a day. */
  readonly create: (server: string) => Promise<Place>
}

export interface Place {
  readonly url: string
  readonly drop: () => Promise<void>
}

/**
 * A function that gives a fresh place on a server of this kind at every call, until the process ends.
 *
 * The server is the one that the environment names, else one at the usual address, else one that is
 * started for this process. `DEWAR_TEST_SERVICES=private` always starts one.
 */
export function service(kind: Kind): (env?: NodeJS.ProcessEnv) => Promise<Service> {
  const servers = new Map<string, Promise<string>>()
  return async (env = process.env) => {
    const key = `${env['DEWAR_TEST_SERVICES']} ${env[kind.variable]}`
    const found = servers.get(key) ?? find(kind, env)
    servers.set(key, found)
    try {
      const { url, drop } = await kind.create(await found)
      dropAtEnd(drop)
      return { url }
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      if (env['DEWAR_REQUIRE_SERVICES'] === '1') throw error
      return { url: '', skip: error.message }
    }
  }
}

/** There is no server, which is no fault of the tests. */
class Missing extends Error {
  override readonly name = 'Missing'
}

async function find(kind: Kind, env: NodeJS.ProcessEnv): Promise<string> {
  const isPrivate = env['DEWAR_TEST_SERVICES'] === 'private'
  const named = env[kind.variable]
  if (named && !isPrivate) return reachNamed(kind, named)
  const refusals: string[] = []
  for (const url of isPrivate ? [] : kind.usual) {
    try {
      await kind.reach(url)
      return url
    } catch (error) {
      refusals.push(`${url}: ${toReason(error)}`)
    }
  }
  try {
    return await kind.start()
  } catch (error) {
    const reasons = [...refusals, `starting one: ${toReason(error)}`].map((line) => `\n  ${line}`)
    throw new Missing(
      `No ${kind.name} for tests: \`apt-get install ${kind.debian}\` is enough, ` +
        `or set ${kind.variable}.${reasons.join('')}`,
      { cause: error },
    )
  }
}

async function reachNamed(kind: Kind, url: string): Promise<string> {
  try {
    await kind.reach(url)
    return url
  } catch (error) {
    const message = `${kind.variable} names a server that is of no use: ${toReason(error)}`
    throw new Error(message, { cause: error })
  }
}

function toReason(error: unknown): string {
  const { errors } = error instanceof AggregateError ? error : { errors: [error] }
  const [first] = errors
  return first instanceof Error ? first.message || first.name : String(first)
}

const drops: (() => Promise<void>)[] = []

/** Tests have ended when nothing is left to do, which also holds for scripts. */
function dropAtEnd(drop: () => Promise<void>): void {
  drops.push(drop)
  if (drops.length > 1) return
  process.once('beforeExit', () => void dropAll())
}

async function dropAll(): Promise<void> {
  const results = await Promise.allSettled(drops.splice(0).map((drop) => drop()))
  for (const result of results) {
    if (result.status === 'fulfilled') continue
    process.exitCode = 1
    console.error('A database of these tests could not be dropped:', result.reason)
  }
}

/** @returns the URL of another database on the same server */
export function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
