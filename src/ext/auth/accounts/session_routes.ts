import type { Blueprint } from '../../../app/blueprint.ts'
import type { Context } from '../../../app/context.ts'
import { Forbidden, NotFound, TooManyRequests, Unauthorized } from '../../../http/errors.ts'
import { noContent } from '../../../http/reply.ts'
import type { TokenPair } from '../token_pair.ts'
import { readFields, readOptional } from './account_fields.ts'
import type { Account } from './account_store.ts'
import { type AccountsRoom, contentsOf } from './accounts_state.ts'
import { audit } from './audit.ts'

/** Log in and out, and refresh. */
export function addSessionRoutes<User, Row>(
  routes: Blueprint,
  { auth, state }: AccountsRoom<User, Row>,
): void {
  const { users, texts } = state

  routes.post('/login', { name: 'login', summary: 'Log in' }, async (c) => {
    const fields = await readFields(c, ['username', 'password'], texts.loginIncomplete)
    const account = await logIn(c, fields.username.normalize('NFKC').trim(), fields.password)
    await state.secondFactors?.check(c, account.subject, await readOptional(c, 'code'))
    audit(c, 'login_succeeded', account.subject)
    return deliver(c, await auth.signIn(c, account.subject, contentsOf(state, account.row, true)))
  })

  const refresh = {
    name: 'refresh',
    summary: 'Replace the tokens',
    use: [auth.signedIn({ refresh: true })],
  } as const
  routes.post('/refresh', refresh, async (c) => {
    const account = await users.find(c.identity.principal.id)
    if (!account) throw new NotFound(texts.userUnknown, { code: 'user_unknown' })
    const contents = contentsOf(state, account.row, false)
    if (state.refresh === 'reuse') return deliver(c, await auth.extend(c.identity, contents))
    return deliver(c, await auth.refresh(c, c.identity, contents))
  })

  const logout = { name: 'logout', summary: 'Log out here', use: [auth.signedIn()] } as const
  routes.post('/logout', logout, async (c) => {
    await auth.signOut(c, c.identity)
    audit(c, 'logged_out', c.identity.principal.id)
    return noContent()
  })

  async function logIn(c: Context, name: string, password: string): Promise<Account<Row>> {
    const found = await users.findByName(name)
    const account = await state.passwords.check(c, name, found, password).catch((error) => {
      if (error instanceof TooManyRequests) audit(c, 'login_refused', found?.subject)
      throw error
    })
    if (!account) {
      audit(c, 'login_failed', found?.subject)
      throw new Unauthorized(texts.loginWrong, { code: 'credentials_invalid' })
    }
    if (account.isConfirmed || !state.mails) return account
    throw new Forbidden(texts.loginUnconfirmed, { code: 'email_unconfirmed' })
  }

  /** Where browsers keep tokens in cookies, no script gets to see them. */
  function deliver(c: Context, pair: TokenPair) {
    if (!auth.keepsInCookies) {
      const { access, refresh: next } = pair
      return { access_token: access.token, ...(next && { refresh_token: next.token }) }
    }
    auth.setCookies(c, pair)
    return { csrf_token: pair.csrf }
  }
}
