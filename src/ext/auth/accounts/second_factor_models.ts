import { boolean, integer, string } from '../../../sql/columns.ts'
import { model } from '../../../sql/model.ts'

/** One row for each account that has, or sets up, a second factor. */
export const AuthSecondFactor = model('auth_second_factors', {
  subject: string(255).primary(),
  secret: string(64).writeOnly(),
  is_confirmed: boolean().default(false),
  last_step: integer().default(-1),
})

/** One row for each recovery code that was not used. */
export const AuthRecoveryCode = model('auth_recovery_codes', {
  hash: string(64).primary(),
  subject: string(255).index(),
})

/** The tables of second factors, to be listed with the app's own: `database([User, ...authModels, ...secondFactorModels])`. */
export const secondFactorModels = [AuthSecondFactor, AuthRecoveryCode] as const
