import { command, type Profile } from 'dewar'
import { PasswordHasher } from 'dewar/auth'
import { db } from './extensions.ts'
import { Task, User } from './models.ts'

/** Known to everybody who can read. For development and tests. */
const SEEDED_PASSWORD = 'password'
const hasher = new PasswordHasher()

/** `dewar init-db`: begin with empty tables, three tasks, and two users where that is no danger. */
export const initDb = command({
  name: 'init-db',
  summary: 'Drop and create the tables, and seed three tasks and two users',

  async run({ app, print }) {
    const hasUsers = isSafe(app.profile)
    await seed({ hasUsers })
    print('Initialized the database with 3 tasks.')
    if (!hasUsers) return
    print('Created the users admin/password and user/password.')
    print('WARNING: change these passwords. In production they are not made, and refused.')
  },
})

export async function seed({ hasUsers }: { hasUsers: boolean }): Promise<void> {
  await db.dropTables()
  await db.createTables()
  await seedTasks()
  if (hasUsers) await seedUsers()
}

/** A database that is new begins with what {@link initDb} makes; one that is in use is left as it is. */
export async function seedWhenEmpty(profile: Profile): Promise<void> {
  if ((await db.find(Task).count()) === 0) await seedTasks()
  if (isSafe(profile) && (await db.find(User).count()) === 0) await seedUsers()
}

/**
 * Refuse a database that was seeded in development.
 *
 * @throws {Error} that names the users whose password everybody knows
 */
export async function refuseSeededPasswords(): Promise<void> {
  const seeded = await db
    .find(User)
    .where({ username: ['admin', 'user'] })
    .all()
  const checks = seeded.map(async ({ username, password_hash }) => {
    const { isMatch } = await hasher.verify(SEEDED_PASSWORD, password_hash)
    return isMatch ? [username] : []
  })
  const open = (await Promise.all(checks)).flat()
  if (open.length === 0) return
  throw new Error(
    `Everybody knows the password of ${open.join(' and ')}. Change it before this database is used in production.`,
  )
}

async function seedTasks(): Promise<void> {
  await db.insert(Task, { title: 'Refactor with Blueprints', status: 'completed' })
  await db.insert(Task, { title: 'Implement App Factory', status: 'completed' })
  await db.insert(Task, { title: 'Test Refactored API', status: 'pending' })
}

async function seedUsers(): Promise<void> {
  for (const username of ['admin', 'user']) {
    const password_hash = await hasher.hash(SEEDED_PASSWORD)
    await db.insert(User, {
      username,
      email: `${username}@example.com`,
      password_hash,
      role: username,
    })
  }
}

function isSafe(profile: Profile | undefined): boolean {
  return profile === 'development' || profile === 'testing'
}
