import {
  accounts,
  authentication,
  authModels,
  databaseAccounts,
  databaseAttemptStore,
  databaseTokenStore,
} from 'dewar/auth'
import { database } from 'dewar/db'
import { Task, User } from './models.ts'
import { fail } from './responses.ts'

// #region auth
export const db = database([Task, User, ...authModels])

export const auth = authentication({ answer: ({ message, code }) => refusal(code, message) })

/** Register, log in, refresh. Answers as the clients of this API know them. */
export const members = accounts(auth, {
  users: databaseAccounts(db, User),
  claims: ({ role }) => ({ role }),
  fresh: false,
  refresh: 'reuse',
  onTaken: 'conflict',
})
// #endregion auth

export const tokenStore = databaseTokenStore(db)
export const attemptStore = databaseAttemptStore(db)

/** What is wrong with a token has a form of its own; what somebody may not do, that of all errors. */
function refusal(code: string, message: string) {
  return code === 'role_required' ? fail(message) : { msg: message }
}
