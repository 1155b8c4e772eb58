import type { PasswordRules } from '../../../token/passwords/password_rules.ts'
import type { Authentication } from '../authentication.ts'
import type { TokenContents } from '../token_sessions.ts'
import type { AccountMails } from './account_mails.ts'
import type { AccountsParts } from './accounts_options.ts'
import type { Passwords } from './passwords.ts'
import type { SecondFactors } from './second_factors.ts'
import type { AccountTexts } from './texts.ts'
import type { Throttle } from './throttle.ts'

/** The accounts of one app. */
export interface AccountsState<Row> extends AccountsParts<Row> {
  readonly onTaken: 'mail' | 'conflict'
  readonly texts: AccountTexts
  readonly throttle: Throttle
  /** None where any password will do. */
  readonly rules: PasswordRules | undefined
  readonly passwords: Passwords<Row>
  readonly mails: AccountMails | undefined
  readonly secondFactors: SecondFactors | undefined
}

/** What the routes of one app stand on. */
export interface AccountsRoom<User, Row> {
  readonly auth: Authentication<User>
  readonly state: AccountsState<Row>
}

/** What the tokens of somebody say. @param isPasswordGiven just now, not some time ago */
export function contentsOf<Row>(
  { claims, fresh = true }: AccountsState<Row>,
  row: Row,
  isPasswordGiven: boolean,
): TokenContents {
  return { claims: claims?.(row) ?? {}, fresh: isPasswordGiven && fresh }
}
