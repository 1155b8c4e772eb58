import { TokenError } from '../../token/jwt/token_error.ts'
import { SignInError, toChallenge } from './sign_in_error.ts'

/** Statuses of refused tokens. All others are 422: what came is no token of this app's. */
const STATUSES = new Map<string, number>([
  ['token_expired', 401],
  ['token_revoked', 401],
  ['token_keys_unavailable', 503],
])

/** How a client is told that its token is refused: the texts of Flask-JWT-Extended, the header of RFC 6750. */
export function toSignInError(error: unknown, realm: string, isRefresh: boolean): unknown {
  if (!(error instanceof TokenError)) return error
  const { code } = error
  const message = messageOf(error, isRefresh)
  const status = STATUSES.get(code) ?? 422
  const invalid = { realm, error: 'invalid_token', error_description: message }
  const challenges = status === 503 ? [] : [toChallenge('Bearer', invalid)]
  return new SignInError(status, code, message, { cause: error, challenges })
}

function messageOf({ code, claim, message }: TokenError, isRefresh: boolean): string {
  if (code !== 'token_wrong_type' || claim !== 'type') return message
  return isRefresh ? 'Only refresh tokens are allowed' : 'Only non-refresh tokens are allowed'
}

/** A request that carries its token in the wrong way: RFC 6750, section 3.1. */
export function malformed(realm: string, message: string): SignInError {
  const attributes = { realm, error: 'invalid_request', error_description: message }
  return new SignInError(422, 'credentials_malformed', message, {
    challenges: [toChallenge('Bearer', attributes)],
  })
}
