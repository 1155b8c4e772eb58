import type { Clock } from '../../../lib/clock.ts'
import type { Duration } from '../../../lib/duration.ts'
import type { PasswordHasherOptions } from '../../../token/passwords/hasher.ts'
import type { PasswordRulesOptions } from '../../../token/passwords/password_rules.ts'
import type { AccountStore } from './account_store.ts'
import type { AttemptStore } from './attempt_store.ts'
import type { Mailer } from './mailer.ts'
import type { SecondFactorStore } from './second_factor_store.ts'
import type { AccountTexts } from './texts.ts'
import type { ThrottleOptions } from './throttle.ts'

/** What is the same in every app that installs these accounts. */
export interface AccountsParts<Row> {
  readonly users: AccountStore<Row>
  /** What access tokens say of a user, such as the role. Asked anew at each refresh. */
  readonly claims?: (row: Row) => Readonly<Record<string, unknown>>
  /** Whether, or how long, a token counts as issued for a password just given. Default: true. */
  readonly fresh?: boolean | Duration
  /**
   * `'rotate'` replaces both tokens, and notices a copy. `'reuse'` answers with an access token alone, and notices
   * nothing. Default: `'rotate'`.
   */
  readonly refresh?: 'rotate' | 'reuse'
  /**
   * What registration says of a name or an address that is taken. `'mail'` tells only the owner of the address, so that
   * nobody learns who has an account. `'conflict'` is 409, and tells everybody. Default: `'mail'`.
   */
  readonly onTaken?: 'mail' | 'conflict'
  /** Other words. */
  readonly texts?: Partial<AccountTexts>
}

/** What an app decides when it installs accounts. */
export interface AccountsOptions {
  /** Default: `'/auth'`. */
  readonly prefix?: string | undefined
  /** Where wrong passwords are counted. */
  readonly attempts: AttemptStore
  readonly throttle?: ThrottleOptions | undefined
  /** What new passwords must be; `false` takes any, for tests. */
  readonly passwords?: PasswordRulesOptions | false | undefined
  readonly hashing?: PasswordHasherOptions | undefined
  /** How mail is sent, and where it leads. Without it there is no confirmation, and no reset. */
  readonly mail?: AccountMail | undefined
  /** Where second factors are kept; with it, users may set one up. Default: passwords are all that is asked. */
  readonly secondFactors?: SecondFactorStore | undefined
  readonly clock?: Clock | undefined
}

/** Mails of an app to its users. */
export interface AccountMail {
  readonly mailer: Mailer
  /** Signs the links, at least 32 bytes. */
  readonly secret: string
  /** The page of the app that sends the link's token on to `POST /auth/confirm`. */
  readonly confirmURL: (token: string) => string
  /** The page of the app that asks for a new password, and sends it with the token to `POST /auth/reset`. */
  readonly resetURL: (token: string) => string
}
