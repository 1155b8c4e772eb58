import { HTTPError, type HTTPErrorOptions } from '../../http/errors.ts'
import type { TokenErrorCode } from '../../token/jwt/token_error.ts'

/** Why somebody is not let in: stable names, for programs. Those of tokens are {@link TokenErrorCode}. */
export type SignInErrorCode =
  | TokenErrorCode
  | 'sign_in_required'
  | 'credentials_malformed'
  | 'credentials_repeated'
  | 'credentials_invalid'
  | 'csrf_missing'
  | 'csrf_mismatch'
  | 'not_fresh'
  | 'role_required'
  | 'not_permitted'
  | 'scope_required'
  | 'user_unknown'
  | 'api_key_unknown'
  | 'api_key_revoked'
  | 'api_key_expired'

export interface SignInErrorOptions extends Omit<HTTPErrorOptions, 'code'> {
  /** For `WWW-Authenticate`: how to sign in, or what was wrong. */
  challenges?: readonly string[]
}

/** Nobody is signed in, or not so that it is enough. `answer` of the extension says how a client is told. */
export class SignInError extends HTTPError {
  declare readonly code: SignInErrorCode

  constructor(
    status: number,
    code: SignInErrorCode,
    message: string,
    { challenges = [], headers, ...options }: SignInErrorOptions = {},
  ) {
    const header = challenges.length > 0 && { 'www-authenticate': challenges.join(', ') }
    super(status, message, { ...options, code, headers: { ...header, ...headers } })
  }
}

/** A challenge with attributes, as RFC 9110, section 11.6.1, writes it: `Bearer realm="shop", error="invalid_token"`. */
export function toChallenge(
  scheme: string,
  attributes: Readonly<Record<string, string | undefined>>,
): string {
  const pairs = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${quotable(value)}"`],
  )
  return pairs.length === 0 ? scheme : `${scheme} ${pairs.join(', ')}`
}

/** RFC 6750, section 3: neither quotes nor backslashes, nothing but printable ASCII. */
function quotable(text: string): string {
  return text.replaceAll(/["\\]/g, "'").replaceAll(/[^ -~]/g, '?')
}
