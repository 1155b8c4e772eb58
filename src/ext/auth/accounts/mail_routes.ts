import type { Blueprint } from '../../../app/blueprint.ts'
import { BadRequest } from '../../../http/errors.ts'
import { accepted, noContent } from '../../../http/reply.ts'
import { checkPassword, readFields, toEmail } from './account_fields.ts'
import type { AccountMails } from './account_mails.ts'
import type { AccountsRoom } from './accounts_state.ts'
import { audit } from './audit.ts'

/** Where links in mails lead to, by way of a page of the app. */
export function addMailRoutes<User, Row>(
  routes: Blueprint,
  { auth, state }: AccountsRoom<User, Row>,
  mails: AccountMails,
): void {
  const { users, texts, passwords, rules } = state
  const incomplete = 'Missing token or password'

  // Not GET: programs that look after mail follow links.
  routes.post('/confirm', { name: 'confirm', summary: 'Confirm the mail address' }, async (c) => {
    const { token } = await readFields(c, ['token'], texts.linkInvalid)
    const link = mails.readConfirmation(token)
    const account = link && (await users.find(link.subject))
    if (!account || account.email !== link.email) throw invalidLink()
    await users.confirm(account)
    audit(c, 'email_confirmed', account.subject)
    return noContent()
  })

  const ask = { name: 'reset_request', summary: 'Ask for a link to set a new password' }
  routes.post('/reset-request', ask, async (c) => {
    const email = toEmail((await readFields(c, ['email'], 'Missing email')).email)
    const account = await users.findByEmail(email)
    const attempt = { account: email, address: c.request.ip, signal: c.signal }
    const isAllowed = await state.throttle.allowsMail(attempt)
    audit(c, 'password_reset_asked', account?.subject)
    if (account && isAllowed) mails.sendReset(account)
    return accepted({ message: texts.resetSent })
  })

  routes.post('/reset', { name: 'reset', summary: 'Set a new password' }, async (c) => {
    const fields = await readFields(c, ['token', 'password'], incomplete)
    const link = mails.readReset(fields.token)
    const account = link && (await users.find(link.subject))
    if (!account || !mails.isCurrent(account, link.fingerprint)) throw invalidLink()
    checkPassword(rules, fields.password, [account.username, account.email])
    const passwordHash = await passwords.hash(c, fields.password)
    if (!(await users.setPasswordHash(account, passwordHash))) throw invalidLink()
    // The mail was read, so the address is theirs.
    await users.confirm(account)
    if (auth.canRevoke) await auth.signOutEverywhere(account.subject)
    audit(c, 'password_reset', account.subject)
    return noContent()
  })

  function invalidLink(): BadRequest {
    return new BadRequest(texts.linkInvalid, { code: 'link_invalid' })
  }
}
