import { randomBytes } from 'node:crypto'
import type { Context } from '../../app/context.ts'
import type { Extension, Setup } from '../../app/extension.ts'
import { currentScope, type Principal } from '../../app/scope.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Duration, toMs } from '../../lib/duration.ts'
import { SignedValueError, SignedValues } from '../../token/signed_value.ts'
import type { Authenticator, Identity } from './authenticator.ts'
import { checkCSRF } from './carriers.ts'
import type { TokenCookiesOptions } from './token_cookies.ts'

/** What a session's cookie says. Its user can read it, and not change it. */
export interface Session {
  /** The user's id, as text. */
  readonly subject: string
  readonly roles: readonly string[]
  /** When the password, or the like, was given. */
  readonly begunAt: Date
  /** What the app has put there, as JSON. */
  readonly data: unknown
}

/** What is the same in every app that installs these sessions. */
export interface SessionParts<User> {
  /**
   * Find the user, for the context; undefined ends the session. To sign somebody out everywhere, compare `begunAt`
   * with a time that is kept with the user. Default: what the cookie says.
   */
  readonly loadUser?: (session: Session, c: Context) => User | undefined | Promise<User | undefined>
}

/** What an app decides when it installs sessions. */
export interface SessionOptions {
  /** At least 32 bytes; of several the first signs and all verify. */
  readonly secret: string | readonly string[]
  /** How long somebody may do nothing. Default: `'30m'`. */
  readonly idle?: Duration | undefined
  /** How long a session goes on at most. Default: `'12h'`. */
  readonly lifetime?: Duration | undefined
  /** How long after its beginning `signedIn({ fresh: true })` lets in. Default: `'15m'`. */
  readonly freshFor?: Duration | undefined
  readonly cookies?: TokenCookiesOptions | undefined
  readonly clock?: Clock | undefined
}

/** As it is written into the cookie. */
interface Written {
  readonly sub: string
  readonly roles: readonly string[]
  readonly begun: number
  readonly used: number
  readonly csrf: string
  readonly data?: unknown
}

interface SessionState {
  readonly values: SignedValues
  readonly names: { readonly session: string; readonly csrf: string }
  readonly cookies: { secure: boolean; sameSite: 'lax' | 'strict' | 'none'; path: '/' }
  readonly idleMs: number
  readonly lifetimeMs: number
  readonly freshMs: number
  readonly now: Clock
}

/** Sessions in signed cookies: an extension that begins and ends them, and a way to sign in with them. */
export class SignedSessions<User>
  implements Extension<SessionState, SessionOptions>, Authenticator<User>
{
  readonly name = 'session'
  readonly #parts: SessionParts<User>

  constructor(parts: SessionParts<User>) {
    this.#parts = parts
  }

  setup(app: Setup, options: SessionOptions): SessionState {
    const { secret, clock = Date.now, cookies: { secure = true, sameSite = 'lax' } = {} } = options
    if (sameSite === 'none' && !secure) {
      throw new TypeError('Browsers refuse cookies with SameSite=None that are not secure.')
    }
    if (!secure) app.audit(() => [PLAIN_COOKIES])
    const prefix = secure ? '__Host-' : ''
    const secrets = [secret].flat()
    return {
      values: new SignedValues({ secrets, purpose: 'session', clock }),
      names: { session: `${prefix}session`, csrf: `${prefix}session_csrf` },
      cookies: { secure, sameSite, path: '/' },
      idleMs: toMs(options.idle ?? '30m'),
      lifetimeMs: toMs(options.lifetime ?? '12h'),
      freshMs: toMs(options.freshFor ?? '15m'),
      now: clock,
    }
  }

  /**
   * Sign a subject in, with this answer's cookies.
   *
   * @param subject the user's id, as text
   * @returns the CSRF token, which the page must repeat in `X-CSRF-Token`
   * @throws {TypeError} when `data` makes the cookie too long for browsers
   */
  begin(
    c: Context,
    subject: string,
    contents: Partial<Pick<Session, 'roles' | 'data'>> = {},
  ): string {
    const state = this.#state
    const { roles = [], data } = contents
    const now = state.now()
    const csrf = randomBytes(24).toString('base64url')
    write(c, state, { sub: subject, roles, begun: now, used: now, csrf, data })
    return csrf
  }

  /** Sign out: the browser forgets the session. A copy of the cookie counts until it expires; see `loadUser`. */
  end(c: Context): void {
    const { names, cookies } = this.#state
    for (const name of Object.values(names)) c.setCookie(name, '', { ...cookies, maxAge: 0 })
  }

  challenge(): undefined {
    return undefined
  }

  missing(): string {
    return 'Sign in to use this address.'
  }

  authenticate(c: Context): Identity<User> | undefined | Promise<Identity<User> | undefined> {
    const state = c.state(this)
    const written = read(c.request.cookies[state.names.session], state)
    if (!written) return undefined
    checkCSRF(c, written, [])
    const { loadUser } = this.#parts
    const principal = { id: written.sub, roles: written.roles }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `User` is `Principal` where nothing loads another
    if (!loadUser) return this.#enter(c, state, written, principal as User)
    const session = toSession(written)
    return Promise.resolve(loadUser(session, c)).then((user) =>
      user === undefined ? undefined : this.#enter(c, state, written, user),
    )
  }

  #enter(c: Context, state: SessionState, written: Written, user: User): Identity<User> {
    const { sub, roles, begun, used } = written
    const now = state.now()
    // Not with every answer: a cookie that is a little older will do.
    if (now - used > state.idleMs / 10) write(c, state, { ...written, used: now })
    const isFresh = now - begun < state.freshMs
    return { principal: { id: sub, roles }, user, by: this.name, isFresh }
  }

  get #state(): SessionState {
    return currentScope().app.state(this)
  }
}

/**
 * Sessions for apps to install, and to be asked by `signedIn()`. Nothing is kept on the server.
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { authentication, signedSessions } from 'dewar/auth'
 *
 * const sessions = signedSessions()
 * const auth = authentication()
 *
 * const app = new App('pages', { logger: false })
 *   .install(sessions, { secret: 'a secret of at least 32 bytes, kept elsewhere' })
 *   .install(auth, { tokens: false, also: [sessions] })
 * app.post('/sign-in', (c) => ({ csrf_token: sessions.begin(c, '7') }))
 * app.get('/me', { use: [auth.signedIn()] }, ({ user }) => user)
 * ```
 */
export function signedSessions(parts?: SessionParts<Principal>): SignedSessions<Principal>
export function signedSessions<User>(parts: Required<SessionParts<User>>): SignedSessions<User>
export function signedSessions<User>(parts: SessionParts<User> = {}): SignedSessions<User> {
  return new SignedSessions(parts)
}

const PLAIN_COOKIES = {
  unsafe: 'Cookies with sessions are sent over plain HTTP.',
  remedy: 'signedSessions: leave `cookies.secure` as it is.',
}

function write(c: Context, state: SessionState, written: Written): void {
  const leftMs = written.begun + state.lifetimeMs - state.now()
  const text = state.values.sign(written, Math.min(state.idleMs, leftMs))
  c.setCookie(state.names.session, text, state.cookies)
  c.setCookie(state.names.csrf, written.csrf, { ...state.cookies, httpOnly: false })
}

/** @returns undefined for what is no session any more, or never was: its user signs in again */
function read(text: string | undefined, { values, lifetimeMs, now }: SessionState) {
  if (text === undefined || text === '') return undefined
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was signed for this purpose, so `write` made it
    const written = values.read(text) as Written
    return now() - written.begun < lifetimeMs ? written : undefined
  } catch (error) {
    if (error instanceof SignedValueError) return undefined
    throw error
  }
}

function toSession({ sub, roles, begun, data }: Written): Session {
  return { subject: sub, roles, begunAt: new Date(begun), data }
}
