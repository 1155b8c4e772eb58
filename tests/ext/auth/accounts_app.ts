import { App, type AppOptions, type Logger } from 'dewar'
import {
  accounts,
  type AccountsOptions,
  type AccountsParts,
  authentication,
  authModels,
  type AuthOptions,
  databaseAccounts,
  databaseAttemptStore,
  databaseTokenStore,
} from 'dewar/auth'
import { database, datetime, id, model, type Row, string } from 'dewar/db'
import { SECRET } from './fixtures.ts'

export const User = model('users', {
  id: id(),
  username: string(80).unique(),
  email: string(254).unique(),
  password_hash: string(255).writeOnly(),
  role: string(20).default('user'),
  confirmed_at: datetime().nullable(),
})

export const db = database([User, ...authModels])

const auth = authentication()

/** Argon2id that costs next to nothing. */
const CHEAP = { memoryKiB: 64, passes: 1 }

interface Options extends Partial<AccountsOptions> {
  parts?: Partial<AccountsParts<Row<typeof User>>>
  auth?: Partial<AuthOptions<never>>
  log?: Logger
  app?: AppOptions
}

/** An app with accounts, in a database of its own. */
export function createAccountsApp({
  parts,
  auth: authOptions,
  log,
  app: appOptions,
  ...options
}: Options = {}): App {
  const members = accounts(auth, {
    users: databaseAccounts(db, User),
    claims: ({ role }) => ({ role }),
    onTaken: 'conflict',
    ...parts,
  })
  const store = databaseTokenStore(db)
  const app = new App('club', { logger: log ?? false, ...appOptions })
    .install(db, { url: 'sqlite::memory:' })
    .install(auth, { secret: SECRET, store, ...authOptions })
    .install(members, { attempts: databaseAttemptStore(db), hashing: CHEAP, ...options })
    .onStart(() => db.createTables())
  app.get('/me', { use: [auth.signedIn()] }, ({ user }) => user)
  return app
}

export const ANN = { username: 'ann', email: 'ann@example.com', password: 'correct horse battery' }
