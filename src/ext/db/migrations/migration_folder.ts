import type { Driver } from '../../../sql/driver.ts'
import type { Open } from '../../../sql/open.ts'
import { type ReadHistory, readRevisions } from '../../../sql/migrate/read_revisions.ts'
import type { Schema } from '../../../sql/migrate/schema.ts'
import type { SchemaConnection, SchemaDialect } from '../../../sql/migrate/schema_connection.ts'

/** The migrations of one app: their files, what the models want, and ways to databases. */
export class MigrationFolder {
  /** Absolute. */
  readonly dir: string
  /** The tables of the models. */
  readonly wanted: Schema
  /** What the app's own kind of database has for changing tables. */
  readonly schema: SchemaDialect
  /** Opens the app's own database. */
  readonly open: Open
  readonly #proofs: readonly Open[]

  constructor(parts: {
    readonly dir: string
    readonly wanted: Schema
    readonly schema: SchemaDialect
    readonly open: Open
    /** One for each kind of database that revisions are proven for. */
    readonly proofs: readonly Open[]
  }) {
    this.dir = parts.dir
    this.wanted = parts.wanted
    this.schema = parts.schema
    this.open = parts.open
    this.#proofs = parts.proofs
  }

  /** @throws {MigrationError} when the files do not fit together */
  read(): Promise<ReadHistory> {
    return readRevisions(this.dir)
  }

  /** Run `work` on a connection to the app's database, whether the app has started or not. */
  connected<T>(work: (connection: SchemaConnection) => Promise<T>): Promise<T> {
    return withConnection(this.open, work)
  }

  /** Run `work` for each kind of database that revisions are proven for. */
  async forEachProof(work: (connection: SchemaConnection) => Promise<void>): Promise<void> {
    for (const open of this.#proofs) await withConnection(open, work)
  }
}

async function withConnection<T>(
  open: Open,
  work: (connection: SchemaConnection) => Promise<T>,
): Promise<T> {
  const driver: Driver = await open()
  try {
    const connection = await driver.openSchema()
    try {
      return await work(connection)
    } finally {
      await connection.close()
    }
  } finally {
    await driver.close()
  }
}
