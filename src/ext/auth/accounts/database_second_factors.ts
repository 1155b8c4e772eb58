import type { DatabasePort } from '../database_port.ts'
import { readApart, writeFirst } from '../own_writes.ts'
import { AuthRecoveryCode, AuthSecondFactor } from './second_factor_models.ts'
import type { SecondFactor, SecondFactorStore } from './second_factor_store.ts'

class DatabaseSecondFactors implements SecondFactorStore {
  readonly #db: DatabasePort

  constructor(db: DatabasePort) {
    this.#db = db
  }

  async find(subject: string): Promise<SecondFactor | undefined> {
    const row = await readApart(() => this.#db.get(AuthSecondFactor, subject))
    return row && { secret: row.secret, isConfirmed: row.is_confirmed, lastStep: row.last_step }
  }

  async propose(subject: string, secret: string): Promise<void> {
    const row = { subject, secret, is_confirmed: false, last_step: -1 }
    await writeFirst(this.#db, () => this.#db.upsert(AuthSecondFactor, row))
  }

  async confirm(subject: string, recoveryHashes: readonly string[]): Promise<void> {
    await writeFirst(this.#db, async () => {
      await this.#db.deleteMany(AuthRecoveryCode, { subject })
      for (const hash of recoveryHashes) await this.#db.insert(AuthRecoveryCode, { hash, subject })
      await this.#db.updateMany(AuthSecondFactor, { subject }, { is_confirmed: true })
    })
  }

  async useStep(subject: string, step: number): Promise<boolean> {
    const unused = { subject, last_step: { lt: step } }
    const use = () => this.#db.updateMany(AuthSecondFactor, unused, { last_step: step })
    return (await writeFirst(this.#db, use)) > 0
  }

  async recoveryHashes(subject: string): Promise<string[]> {
    const find = () => this.#db.find(AuthRecoveryCode).where({ subject }).limit(MAX_CODES).all()
    return (await readApart(find)).map(({ hash }) => hash)
  }

  async useRecoveryHash(subject: string, hash: string): Promise<boolean> {
    const use = () => this.#db.deleteMany(AuthRecoveryCode, { subject, hash })
    return (await writeFirst(this.#db, use)) > 0
  }

  async remove(subject: string): Promise<void> {
    await writeFirst(this.#db, async () => {
      await this.#db.deleteMany(AuthRecoveryCode, { subject })
      await this.#db.deleteMany(AuthSecondFactor, { subject })
    })
  }
}

const MAX_CODES = 100

/** Second factors in the app's database, in the tables of `secondFactorModels`. */
export function databaseSecondFactors(db: DatabasePort): SecondFactorStore {
  return new DatabaseSecondFactors(db)
}
