import type { Blueprint } from '../../../app/blueprint.ts'
import { Conflict, NotFound, Unauthorized } from '../../../http/errors.ts'
import { noContent } from '../../../http/reply.ts'
import { checkPassword, readFields } from './account_fields.ts'
import type { AccountsRoom } from './accounts_state.ts'
import { audit } from './audit.ts'

/** Change one's password. */
export function addPasswordRoute<User, Row>(
  routes: Blueprint,
  { auth, state }: AccountsRoom<User, Row>,
): void {
  const { users, texts, passwords, rules } = state

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
}
