import type { Blueprint } from '../../../app/blueprint.ts'
import type { Context } from '../../../app/context.ts'
import { NotFound, Unauthorized } from '../../../http/errors.ts'
import { noContent } from '../../../http/reply.ts'
import { readFields } from './account_fields.ts'
import type { Account } from './account_store.ts'
import type { AccountsRoom } from './accounts_state.ts'
import type { SecondFactors } from './second_factors.ts'

/** Set up a second factor, and do without one again. */
export function addSecondFactorRoutes<User, Row>(
  routes: Blueprint,
  { auth, state }: AccountsRoom<User, Row>,
  factors: SecondFactors,
): void {
  const { users, texts, passwords } = state
  const use = [auth.signedIn()] as const

  const propose = {
    name: 'propose_second_factor',
    summary: 'Get a secret for an authenticator app',
    use,
  } as const
  routes.post('/second-factor', propose, async (c) => {
    const { password } = await readFields(c, ['password'], texts.codeIncomplete)
    const account = await check(c, c.identity.principal.id, password)
    return factors.propose(account.subject, account.username)
  })

  const confirm = {
    name: 'confirm_second_factor',
    summary: 'Ask for codes of the app from now on',
    use,
  } as const
  routes.post('/second-factor/confirm', confirm, async (c) => {
    const { code } = await readFields(c, ['code'], texts.codeIncomplete)
    const recovery_codes = await factors.confirm(c, c.identity.principal.id, code)
    return { recovery_codes }
  })

  const remove = {
    name: 'remove_second_factor',
    summary: 'Ask for no codes any more',
    use,
  } as const
  routes.post('/second-factor/remove', remove, async (c) => {
    const { password, code } = await readFields(c, ['password', 'code'], texts.codeIncomplete)
    const { subject } = await check(c, c.identity.principal.id, password)
    await factors.check(c, subject, code)
    await factors.remove(c, subject)
    return noContent()
  })

  async function check(c: Context, subject: string, password: string): Promise<Account<Row>> {
    const known = await users.find(subject)
    if (!known) throw new NotFound(texts.userUnknown, { code: 'user_unknown' })
    const account = await passwords.check(c, known.username, known, password)
    if (account) return account
    throw new Unauthorized(texts.passwordWrong, { code: 'credentials_invalid' })
  }
}
