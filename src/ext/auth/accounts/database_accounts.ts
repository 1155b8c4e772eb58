import type { z } from 'zod'
import type { Column } from '../../../sql/column.ts'
import { datetime, id, string } from '../../../sql/columns.ts'
import { UniqueViolation } from '../../../sql/errors.ts'
import { type Columns, type InsertOf, type Model, model, type RowOf } from '../../../sql/model.ts'
import type { DatabasePort } from '../database_port.ts'
import { writeFirst } from '../own_writes.ts'
import type { Account, AccountStore, NewAccount } from './account_store.ts'

/** The columns that an app's model of users must have. A `confirmed_at`, a nullable datetime, is used where it is there. */
export interface AccountColumns {
  readonly id: Column<z.ZodType<number> | z.ZodType<string>>
  readonly username: Column<z.ZodType<string>>
  readonly email: Column<z.ZodType<string>>
  readonly password_hash: Column<z.ZodType<string>>
}

/** What the model of an app is taken for here. */
const Shape = model('accounts', {
  id: id(),
  username: string(255),
  email: string(255),
  password_hash: string(255),
  confirmed_at: datetime().nullable(),
})
type ShapeRow = RowOf<typeof Shape.columns>

class DatabaseAccounts<C extends Columns> implements AccountStore<RowOf<C>> {
  readonly canConfirm: boolean
  readonly #db: DatabasePort
  readonly #model: typeof Shape
  readonly #hasNumbers: boolean

  constructor(db: DatabasePort, users: Model<C>) {
    this.#db = db
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `databaseAccounts` asks for these columns
    this.#model = users as unknown as typeof Shape
    this.#hasNumbers = users.columns['id']?.type.name === 'integer'
    this.canConfirm = Object.hasOwn(users.columns, 'confirmed_at')
  }

  async find(subject: string): Promise<Account<RowOf<C>> | undefined> {
    const isKey = this.#hasNumbers ? /^\d{1,15}$/.test(subject) : subject !== ''
    if (!isKey) return undefined
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a number or text, as the model's key is
    const key = (this.#hasNumbers ? Number(subject) : subject) as number
    return this.#toAccount(await this.#db.get(this.#model, key))
  }

  async findByName(username: string): Promise<Account<RowOf<C>> | undefined> {
    return this.#toAccount(await this.#db.find(this.#model).where({ username }).first())
  }

  async findByEmail(email: string): Promise<Account<RowOf<C>> | undefined> {
    return this.#toAccount(await this.#db.find(this.#model).where({ email }).first())
  }

  async create({
    username,
    email,
    passwordHash,
  }: NewAccount): Promise<Account<RowOf<C>> | undefined> {
    if ((await this.findByName(username)) ?? (await this.findByEmail(email))) return undefined
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever else the model has must have a default
    const values = { username, email, password_hash: passwordHash } as InsertOf<
      typeof Shape.columns
    >
    try {
      const insert = () => this.#db.insert(this.#model, values)
      return this.#toAccount(await writeFirst(this.#db, insert))
    } catch (error) {
      // Somebody else was quicker.
      if (error instanceof UniqueViolation) return undefined
      throw error
    }
  }

  async setPasswordHash(account: Account<RowOf<C>>, passwordHash: string): Promise<boolean> {
    const before = { id: keyOf(account), password_hash: account.passwordHash }
    const patch = { password_hash: passwordHash }
    return (await this.#db.updateMany(this.#model, before, patch)) > 0
  }

  async confirm(account: Account<RowOf<C>>): Promise<void> {
    if (!this.canConfirm) return
    const unconfirmed = { id: keyOf(account), confirmed_at: { isNull: true } }
    await this.#db.updateMany(this.#model, unconfirmed, { confirmed_at: new Date() })
  }

  #toAccount(row: ShapeRow | undefined): Account<RowOf<C>> | undefined {
    if (!row) return undefined
    return {
      subject: String(row.id),
      username: row.username,
      email: row.email,
      passwordHash: row.password_hash,
      isConfirmed: !this.canConfirm || row.confirmed_at !== null,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was read by the app's own model
      row: row as unknown as RowOf<C>,
    }
  }
}

function keyOf({ row }: Account<Columns | object>): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see AccountColumns
  return Reflect.get(row, 'id') as number
}

/**
 * Accounts that are rows of a model of the app's.
 *
 * Its `username` and `email` must be unique; what else it has needs a default.
 */
export function databaseAccounts<C extends Columns & AccountColumns>(
  db: DatabasePort,
  users: Model<C>,
): AccountStore<RowOf<C>> {
  return new DatabaseAccounts(db, users)
}
