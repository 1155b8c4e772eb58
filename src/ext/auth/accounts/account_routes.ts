import { Blueprint } from '../../../app/blueprint.ts'
import type { Context } from '../../../app/context.ts'
import { Conflict, NotFound, Unauthorized } from '../../../http/errors.ts'
import { accepted, noContent, reply } from '../../../http/reply.ts'
import { checkPassword, readFields, toEmail, toUsername } from './account_fields.ts'
import type { Account } from './account_store.ts'
import type { AccountsRoom } from './accounts_state.ts'
import { audit } from './audit.ts'

/** Register, and change one's password. */
export function accountRoutes<User, Row>({ auth, state }: AccountsRoom<User, Row>): Blueprint {
  const routes = new Blueprint('accounts')
  const { users, texts, passwords, rules } = state

  routes.post('/register', { name: 'register', summary: 'Register' }, async (c) => {
    const names = ['username', 'email', 'password'] as const
    const fields = await readFields(c, names, texts.registerIncomplete)
    const [username, email] = [toUsername(fields.username), toEmail(fields.email)]
    checkPassword(rules, fields.password, [username, email])
    // Also where the name is taken, so that it takes the same time.
    const passwordHash = await passwords.hash(c, fields.password)
    const account = await users.create({ username, email, passwordHash })
    if (state.onTaken === 'conflict') return answerOpenly(c, account)
    return answerByMail(c, account, email)
  })

  const changePassword = {
    name: 'change_password',
    summary: 'Change the password',
    use: [auth.signedIn()],
  } as const
  routes.post('/password', changePassword, async (c) => {
    const names = ['password', 'new_password'] as const
    const fields = await readFields(c, names, texts.passwordIncomplete)
    const known = await users.find(c.identity.principal.id)
    if (!known) throw new NotFound(texts.userUnknown, { code: 'user_unknown' })
    checkPassword(rules, fields.new_password, [known.username, known.email], 'new_password')
    const account = await passwords.check(c, known.username, known, fields.password)
    if (!account) {
      audit(c, 'password_change_failed', known.subject)
      throw new Unauthorized(texts.passwordWrong, { code: 'credentials_invalid' })
    }
    const passwordHash = await passwords.hash(c, fields.new_password)
    if (!(await users.setPasswordHash(account, passwordHash))) {
      throw new Conflict('The password was changed just now.', { code: 'password_changed' })
    }
    if (auth.canRevoke) await auth.signOutEverywhere(account.subject, c.identity)
    audit(c, 'password_changed', account.subject)
    return noContent()
  })

  function answerOpenly(c: Context, account: Account<Row> | undefined) {
    if (!account) throw new Conflict(texts.taken, { code: 'account_taken' })
    audit(c, 'account_registered', account.subject)
    state.mails?.sendConfirmation(account)
    const { subject } = account
    const user_id = /^\d{1,15}$/.test(subject) ? Number(subject) : subject
    return reply(201, { message: texts.registered, user_id })
  }

  /** The same answer for all: only who reads the mail learns more. */
  async function answerByMail(c: Context, account: Account<Row> | undefined, email: string) {
    const owner = account ?? (await users.findByEmail(email))
    audit(c, account ? 'account_registered' : 'account_exists', owner?.subject)
    const attempt = { account: email, address: c.request.ip, signal: c.signal }
    if (owner && (await state.throttle.allowsMail(attempt))) {
      if (account) state.mails?.sendConfirmation(account)
      else state.mails?.sendTaken(owner)
    }
    return accepted({ message: texts.registeredByMail })
  }

  return routes
}
