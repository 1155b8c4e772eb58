import type { Context } from '../../app/context.ts'
import type { Principal } from '../../app/scope.ts'
import type { Authenticator, Identity } from './authenticator.ts'
import { isRepeated } from './carriers.ts'
import { SignInError, toChallenge } from './sign_in_error.ts'

/** How names and passwords are checked. */
export interface BasicAuthParts<User> {
  /** Undefined where the password is not theirs. Slow down who guesses; `verify` of `accounts()` does. */
  readonly verify: (
    c: Context,
    username: string,
    password: string,
  ) => User | undefined | Promise<User | undefined>
  /** For policies, cache keys and limits. Default: the user itself. */
  readonly principalOf?: (user: User) => Principal
  /** What a browser calls this app when it asks. Default: the app's name. */
  readonly realm?: string
}

class BasicAuth<User> implements Authenticator<User> {
  readonly name = 'basic'
  readonly #parts: BasicAuthParts<User>

  constructor(parts: BasicAuthParts<User>) {
    this.#parts = parts
  }

  challenge(c: Context): string {
    return toChallenge('Basic', { realm: this.#parts.realm ?? c.app.name, charset: 'UTF-8' })
  }

  missing(): string {
    return 'Missing username and password'
  }

  authenticate(c: Context): undefined | Promise<Identity<User>> {
    const header = c.request.header('authorization') ?? ''
    if (!/^basic(?: |$)/i.test(header)) return undefined
    if (isRepeated(c.request.raw.rawHeaders)) {
      const message = 'There is more than one Authorization header.'
      throw new SignInError(400, 'credentials_repeated', message)
    }
    const given = parseBasic(header)
    if (given) return this.#identify(c, ...given)
    throw this.#refusal(c, 'credentials_malformed', 'Bad Authorization header.')
  }

  async #identify(c: Context, username: string, password: string): Promise<Identity<User>> {
    const user = await this.#parts.verify(c, username, password)
    if (user === undefined) {
      throw this.#refusal(c, 'credentials_invalid', 'Invalid username or password')
    }
    const { principalOf } = this.#parts
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `User` is a `Principal` where nothing makes another
    const principal = principalOf ? principalOf(user) : (user as Principal)
    return { principal, user, by: this.name, isFresh: true }
  }

  #refusal(
    c: Context,
    code: 'credentials_malformed' | 'credentials_invalid',
    message: string,
  ): SignInError {
    return new SignInError(401, code, message, { challenges: [this.challenge(c)] })
  }
}

/** RFC 7617: a name without colons, a password, no control characters. */
function parseBasic(header: string): [username: string, password: string] | undefined {
  const [, base64] = /^basic +([a-z\d+/]+={0,2})$/i.exec(header) ?? []
  if (base64 === undefined) return undefined
  const text = Buffer.from(base64, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1 || /\p{Cc}|\uFFFD/u.test(text)) return undefined
  return [text.slice(0, colon), text.slice(colon + 1)]
}

/**
 * Name and password with every request, for programs: browsers ask with a window of their own, and then send
 * them along with what other sites make them send.
 */
export function basicAuth(parts: BasicAuthParts<Principal>): Authenticator<Principal>
export function basicAuth<User>(
  parts: BasicAuthParts<User> & Required<Pick<BasicAuthParts<User>, 'principalOf'>>,
): Authenticator<User>
export function basicAuth<User>(parts: BasicAuthParts<User>): Authenticator<User> {
  return new BasicAuth(parts)
}
