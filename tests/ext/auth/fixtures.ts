import { App, type Logger } from 'dewar'
import {
  authentication,
  authModels,
  databaseTokenStore,
  memoryTokenStore,
  type AuthOptions,
} from 'dewar/auth'
import { database } from 'dewar/db'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { Principal } from 'dewar'
import { testClient } from 'dewar/testing'

export const SECRET = 'a secret of the tests, of more than 32 bytes'

/** A database with the tables of sign-in alone, in memory. */
export const db = database([...authModels])

export const auth = authentication()

/** A logger whose lines a test can read. */
export function recordingLogger(): { log: Logger; lines: () => Record<string, unknown>[] } {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  const lines = () =>
    chunks
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  return { log: pino({ level: 'info' }, stream), lines }
}

/** A clock that a test moves. */
export function fakeClock(): { now: () => number; pass: (ms: number) => void } {
  let now = Date.now()
  return { now: () => now, pass: (ms) => (now += ms) }
}

type Options = Partial<AuthOptions<Principal>> & { log?: Logger }

/** An app whose routes ask for everything that `signedIn()` can. */
export function createApp({ log, ...options }: Options = {}): App {
  const keys = options.keys ? {} : { secret: SECRET }
  const app = new App('shop', { logger: log ?? false }).install(auth, {
    ...keys,
    store: memoryTokenStore(),
    ...options,
  })
  app.get('/open', () => ({ open: true }))
  app.get('/me', { use: [auth.signedIn()] }, ({ user, identity, principal }) => ({
    user,
    by: identity.by,
    principal,
  }))
  app.post('/me', { use: [auth.signedIn()] }, ({ user }) => user)
  app.get('/maybe', { use: [auth.signedIn({ optional: true })] }, ({ user }) => ({
    id: user?.id ?? null,
  }))
  app.get('/fresh', { use: [auth.signedIn({ fresh: true })] }, ({ user }) => user)
  app.get('/admin', { use: [auth.signedIn({ role: 'admin' })] }, ({ user }) => user)
  app.get('/any', { use: [auth.signedIn({ anyOf: ['a', 'b'] })] }, ({ user }) => user)
  app.get('/all', { use: [auth.signedIn({ allOf: ['a', 'b'] })] }, ({ user }) => user)
  const own = auth.requires<{ id: string }>(
    ({ user, params }) => user.id === params.id,
    'Not yours',
  )
  app.get('/users/<id>', { use: [own] }, ({ user }) => user)
  app.post('/in', async (c) => {
    const claims = (await c.request.json()) as Record<string, unknown>
    const { sub = '7', fresh = false, ...rest } = claims
    const pair = await auth.signIn(c, String(sub), { claims: rest, fresh: fresh === true })
    auth.setCookies(c, pair)
    return { access: pair.access.token, refresh: pair.refresh?.token, csrf: pair.csrf }
  })
  app.post('/refresh', { use: [auth.signedIn({ refresh: true })] }, async (c) => {
    const pair = await auth.refresh(c, c.identity)
    auth.setCookies(c, pair)
    return { access: pair.access.token, refresh: pair.refresh?.token, csrf: pair.csrf }
  })
  app.post('/out', { use: [auth.signedIn()] }, async (c) => {
    await auth.signOut(c, c.identity)
    return { out: true }
  })
  app.post('/revoke', { use: [auth.signedIn()] }, async (c) => {
    if (c.identity.claims) await auth.revoke(c.identity.claims)
    return { revoked: true }
  })
  app.get('/devices', { use: [auth.signedIn()] }, ({ user }) => auth.devices(user.id))
  app.post('/out-everywhere', { use: [auth.signedIn()] }, async (c) => ({
    count: await auth.signOutEverywhere(c.user.id, c.identity),
  }))
  return app
}

/** The same, with its tokens in a database. */
export function createDatabaseApp({
  url = 'sqlite::memory:',
  ...options
}: Options & { url?: string } = {}): App {
  const app = createApp({ ...options, store: databaseTokenStore(db) })
  return app.install(db, { url }).onStart(() => db.createTables())
}

export function bearer(token: string): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${token}` } }
}

/** A client without cookies, so that only the header counts. */
export function clientOf(app: App) {
  return testClient(app, { keepsCookies: false })
}

interface Tokens {
  access: string
  refresh: string
  csrf: string
}

export async function signIn(
  client: ReturnType<typeof clientOf>,
  claims: object = {},
): Promise<Tokens> {
  return (await client.post('/in', { json: claims })).json()
}
