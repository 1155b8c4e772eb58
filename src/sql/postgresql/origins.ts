import type { FieldDef } from 'pg'
import type { ResultColumn, StoredRow } from '../driver.ts'
import { DECODERS, INT8 } from './result_types.ts'

/** Runs a statement of the catalogue. */
export type Ask = (sql: string, values: readonly string[]) => Promise<readonly StoredRow[]>

const COLUMNS = `select a.attrelid, a.attnum, c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
  where a.attrelid = any($1::oid[]) and a.attnum > 0`

/**
 * Finds the columns that a result comes from. The server tells their numbers; names are asked for only where the type does not
 * tell how a value is read: a bigint may be an `integer()`.
 */
export class Origins {
  readonly #names = new Map<string, readonly [table: string, column: string]>()

  async columnsOf(fields: readonly FieldDef[], ask: Ask): Promise<ResultColumn[]> {
    const unknown = fields.filter((field) => isOpen(field) && !this.#names.has(keyOf(field)))
    if (unknown.length > 0) await this.#learn(unknown, ask)
    return fields.map((field) => {
      const [table, column] = (isOpen(field) ? this.#names.get(keyOf(field)) : undefined) ?? []
      return {
        name: field.name,
        table: table ?? null,
        column: column ?? null,
        decode: DECODERS.get(field.dataTypeID),
      }
    })
  }

  async #learn(fields: readonly FieldDef[], ask: Ask): Promise<void> {
    const tables = [...new Set(fields.map(({ tableID }) => tableID))]
    for (const [id, number, table, column] of await ask(COLUMNS, [`{${tables.join()}}`])) {
      this.#names.set(`${String(id)}.${String(number)}`, [String(table), String(column)])
    }
  }
}

function isOpen({ tableID, dataTypeID }: FieldDef): boolean {
  return tableID !== 0 && dataTypeID === INT8
}

function keyOf({ tableID, columnID }: FieldDef): string {
  return `${tableID}.${columnID}`
}
