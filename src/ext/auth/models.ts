import { datetime, id, integer, string, uuid } from '../../sql/columns.ts'
import { model } from '../../sql/model.ts'

/** One row for each device that is signed in. */
export const AuthFamily = model('auth_families', {
  id: uuid().primary(),
  subject: string(255).index(),
  current_jti: string(64),
  previous_jti: string(64).nullable(),
  device: string(200),
  address: string(64),
  created_at: datetime(),
  used_at: datetime(),
  expires_at: datetime().index(),
})

/** Single tokens that were revoked and have not expired. */
export const AuthRevokedToken = model('auth_revoked_tokens', {
  jti: string(64).primary(),
  expires_at: datetime().index(),
})

/** One row, changed with everything that is revoked. */
export const AuthRevision = model('auth_revision', {
  id: integer().primary(),
  revision: string(36),
})

/** Sign-ins that were tried, and not (yet) right. */
export const AuthAttempt = model(
  'auth_attempts',
  {
    id: id(),
    account: string(64),
    address: string(64),
    at: datetime().index(),
  },
  { indexes: [{ columns: ['account', 'at'] }] },
)

/** The tables of sign-in, to be listed with the app's own: `database([Task, User, ...authModels])`. */
export const authModels = [AuthFamily, AuthRevokedToken, AuthRevision, AuthAttempt] as const
