import type { Blueprint } from '../../../app/blueprint.ts'
import type { Context } from '../../../app/context.ts'
import { Conflict } from '../../../http/errors.ts'
import { accepted, reply } from '../../../http/reply.ts'
import { checkPassword, readFields, toEmail, toUsername } from './account_fields.ts'
import type { Account } from './account_store.ts'
import type { AccountsRoom } from './accounts_state.ts'
import { audit } from './audit.ts'

/** Register. */
export function addRegisterRoute<User, Row>(
  routes: Blueprint,
  { state }: AccountsRoom<User, Row>,
): void {
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
    // Asked whoever it is, so that it takes the same time.
    const isAllowed = await state.throttle.allowsMail(attempt)
    if (owner && isAllowed) {
      if (account) state.mails?.sendConfirmation(account)
      else state.mails?.sendTaken(owner)
    }
    return accepted({ message: texts.registeredByMail })
  }
}
