import { datetime, string } from '../../../sql/columns.ts'
import { model } from '../../../sql/model.ts'

/** One row for each key that was issued. The keys themselves are nowhere. */
export const AuthAPIKey = model('auth_api_keys', {
  id: string(12).primary(),
  hash: string(64).writeOnly(),
  name: string(100),
  subject: string(255).nullable().index(),
  /** Separated by spaces, as OAuth writes them; null for all that its owner may. */
  scopes: string(1000).nullable(),
  created_at: datetime(),
  expires_at: datetime().nullable(),
  used_at: datetime().nullable(),
  revoked_at: datetime().nullable(),
})

/** The table of API keys, to be listed with the app's own: `database([Order, ...apiKeyModels])`. */
export const apiKeyModels = [AuthAPIKey] as const
