import { Blueprint } from '../../../app/blueprint.ts'
import type { Context } from '../../../app/context.ts'
import type { Extension, Setup } from '../../../app/extension.ts'
import { HTTPError, InvalidInput, ServiceUnavailable } from '../../../http/errors.ts'
import { PasswordError } from '../../../token/passwords/password_error.ts'
import { PasswordRules } from '../../../token/passwords/password_rules.ts'
import type { Authentication } from '../authentication.ts'
import type { Account } from './account_store.ts'
import { AccountMails } from './account_mails.ts'
import type { AccountsOptions, AccountsParts } from './accounts_options.ts'
import type { AccountsState } from './accounts_state.ts'
import { audit } from './audit.ts'
import { addDeviceRoutes } from './device_routes.ts'
import { addMailRoutes } from './mail_routes.ts'
import { addPasswordRoute } from './password_route.ts'
import { Passwords } from './passwords.ts'
import { addRegisterRoute } from './register_route.ts'
import { addSecondFactorRoutes } from './second_factor_routes.ts'
import { SecondFactors } from './second_factors.ts'
import { addSessionRoutes } from './session_routes.ts'
import { DEFAULT_TEXTS } from './texts.ts'
import { Throttle } from './throttle.ts'

/** Accounts with passwords: routes to register, log in and out, and all that goes with it. */
export class Accounts<User, Row> implements Extension<AccountsState<Row>, AccountsOptions> {
  readonly name = 'accounts'
  readonly #auth: Authentication<User>
  readonly #parts: AccountsParts<Row>

  constructor(auth: Authentication<User>, parts: AccountsParts<Row>) {
    this.#auth = auth
    this.#parts = parts
  }

  setup(app: Setup, options: AccountsOptions): AccountsState<Row> {
    const { prefix = '/auth', attempts, passwords = {}, mail, clock } = options
    const { onTaken = 'mail' } = this.#parts
    if (onTaken === 'mail' && !mail) {
      throw new TypeError(
        'accounts() hides who has an account by answering with a mail. Install it with `mail`, or say ' +
          "`onTaken: 'conflict'`, which tells everybody.",
      )
    }
    if (onTaken === 'mail' && !this.#parts.users.canConfirm) {
      throw new TypeError(
        'Whoever registers must confirm the mail address: the model of users needs a nullable datetime "confirmed_at".',
      )
    }
    const texts = { ...DEFAULT_TEXTS, ...this.#parts.texts }
    const throttle = new Throttle(attempts, options.throttle, clock)
    const state: AccountsState<Row> = {
      ...this.#parts,
      onTaken,
      texts,
      throttle,
      rules: passwords === false ? undefined : new PasswordRules(passwords),
      passwords: new Passwords(this.#parts.users, throttle, options.hashing),
      secondFactors:
        options.secondFactors &&
        new SecondFactors(options.secondFactors, throttle, texts, app.name, clock),
      mails: mail && new AccountMails(mail, texts, app.log, clock),
    }
    if (passwords === false) app.audit(() => [ANY_PASSWORD])
    app.showError(PasswordError, toHTTPError)
    app.onClose(() => state.mails?.close())
    app.register(this.#routes(state), { prefix })
    return state
  }

  /**
   * The account whose password this is, for other ways to sign in, such as `basicAuth`. Guessing is slowed down.
   *
   * @throws {TooManyRequests} after too many wrong ones
   */
  async verify(c: Context, username: string, password: string): Promise<Account<Row> | undefined> {
    const { users, passwords, mails, secondFactors } = c.state(this)
    const name = username.normalize('NFKC').trim()
    const found = await users.findByName(name)
    const account = await passwords.check(c, name, found, password)
    if (!account) audit(c, 'login_failed', found?.subject)
    if (!account || (mails && !account.isConfirmed)) return undefined
    // A password alone is not enough for those.
    return (await secondFactors?.isAsked(account.subject)) ? undefined : account
  }

  #routes(state: AccountsState<Row>): Blueprint {
    const routes = new Blueprint('auth')
    const room = { auth: this.#auth, state }
    addRegisterRoute(routes, room)
    addSessionRoutes(routes, room)
    addDeviceRoutes(routes, room)
    addPasswordRoute(routes, room)
    if (state.mails) addMailRoutes(routes, room, state.mails)
    if (state.secondFactors) addSecondFactorRoutes(routes, room, state.secondFactors)
    return routes
  }
}

/**
 * Accounts for apps to install, with routes under `/auth`: `register`, `login`, `refresh`, `logout`, `password`,
 * `devices`, and with mail `confirm`, `reset-request`, `reset`.
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { accounts, authentication, authModels, databaseAccounts, databaseAttemptStore, databaseTokenStore } from 'dewar/auth'
 * import { database, id, model, string } from 'dewar/db'
 *
 * const User = model('users', {
 *   id: id(),
 *   username: string(80).unique(),
 *   email: string(254).unique(),
 *   password_hash: string(255).writeOnly(),
 * })
 * const db = database([User, ...authModels])
 * const auth = authentication()
 * const members = accounts(auth, { users: databaseAccounts(db, User), onTaken: 'conflict' })
 *
 * await using app = new App('shop', { logger: false })
 *   .install(db, { url: 'sqlite::memory:' })
 *   .install(auth, { secret: 'a secret of at least 32 bytes, kept elsewhere', store: databaseTokenStore(db) })
 *   .install(members, { attempts: databaseAttemptStore(db) })
 *   .onStart(() => db.createTables())
 * await app.ready()
 * ```
 */
export function accounts<User, Row>(
  auth: Authentication<User>,
  parts: AccountsParts<Row>,
): Accounts<User, Row> {
  return new Accounts(auth, parts)
}

const ANY_PASSWORD = {
  unsafe: 'Any password will do, however short or common.',
  remedy: 'accounts: leave `passwords: false` out.',
}

function toHTTPError(cause: PasswordError): HTTPError {
  if (cause.code !== 'password_hashing_busy') {
    return new InvalidInput({ json: { password: [cause.message] } }, undefined, { cause })
  }
  const headers = { 'retry-after': '1' }
  return new ServiceUnavailable(cause.message, { code: cause.code, headers, cause })
}
