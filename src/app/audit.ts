import type { AnyApp } from './app.ts'

/** Something about an app that is not safe for its users. */
export interface Finding {
  /** What is, in a sentence. */
  readonly unsafe: string
  /** What to do about it, in another. */
  readonly remedy: string
}

/** Looks at what was installed. @returns what is unsafe in production */
export type AuditCheck = () => readonly Finding[]

/** What is unsafe about an app in production, as far as it can be known without a request. */
export function auditApp(app: AnyApp): readonly Finding[] {
  const own = OWN_CHECKS.flatMap((check) => check(app) ?? [])
  return [...own, ...app.auditChecks.flatMap((check) => check())]
}

const OWN_CHECKS: readonly ((app: AnyApp) => Finding | undefined)[] = [
  checkProfile,
  checkDebug,
  checkSecurity,
  checkProxies,
  checkTimeout,
  checkLog,
]

function checkProfile({ name, profile }: AnyApp): Finding | undefined {
  if (profile === 'production') return undefined
  return {
    unsafe: `The app "${name}" does not know that it is in production: its profile is ${profile ?? 'not set'}.`,
    remedy: 'Give it the profile of its configuration: new App(name, { profile: config.profile }).',
  }
}

function checkDebug({ debug }: AnyApp): Finding | undefined {
  if (!debug) return undefined
  const unsafe = 'It runs in debug mode, which shows its source to whoever causes an error.'
  return { unsafe, remedy: 'Leave `debug` out; `dewar run` sets it in development.' }
}

function checkSecurity(app: AnyApp): Finding | undefined {
  if (app.extensionNames.includes('security')) return undefined
  return {
    unsafe: 'Answers have no security headers, and requests for any host are answered.',
    remedy: 'app.install(security, { hosts: […] }), from dewar/security.',
  }
}

function checkProxies({ trustProxy }: AnyApp): Finding | undefined {
  if (trustProxy !== true) return undefined
  return {
    unsafe: 'Every client may say what its address is, and with it get around limits.',
    remedy: 'Name the proxies in place of `trustProxy: true`: addresses or networks.',
  }
}

function checkTimeout({ fastify }: AnyApp): Finding | undefined {
  if (fastify.server.requestTimeout !== 0) return undefined
  const unsafe = 'A client may take as long as it likes to send a request.'
  return { unsafe, remedy: 'Leave `requestTimeout` as it is, or give it a number above 0.' }
}

function checkLog({ log }: AnyApp): Finding | undefined {
  if (log.level !== 'silent') return undefined
  const unsafe = 'Nothing is logged: neither errors nor attempts to sign in.'
  return { unsafe, remedy: 'Leave `logger` out, or give it a level.' }
}
