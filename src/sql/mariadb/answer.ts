import type { FieldPacket, ResultSetHeader } from 'mysql2'
import type { Fetched, Query, RawResult, ResultColumn, StoredRow } from '../driver.ts'

/** What the server answered: rows with their columns, or a header that counts. A procedure gives both. */
export interface Answer {
  readonly rows: readonly StoredRow[]
  readonly fields: readonly FieldPacket[]
  readonly header: ResultSetHeader | undefined
}

/** One answer in place of the many forms that mysql2 has for it. */
export function toAnswer(result: unknown, fields: unknown): Answer {
  if (!Array.isArray(result)) return { rows: [], fields: [], header: asHeader(result) }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- mysql2's types do not know of rows as arrays
  const answer = { rows: result as StoredRow[], fields: (fields ?? []) as FieldPacket[] }
  const [first] = answer.fields
  if (first && !Array.isArray(first)) return { ...answer, header: undefined }
  // Of a procedure: a list for each of its results, at last a header.
  const [rows, columns]: unknown[] = [result[0], first]
  return {
    // oxlint-disable typescript/no-unsafe-type-assertion -- as above
    rows: Array.isArray(columns) ? (rows as StoredRow[]) : [],
    fields: Array.isArray(columns) ? (columns as FieldPacket[]) : [],
    // oxlint-enable typescript/no-unsafe-type-assertion
    header: asHeader(result.at(-1)),
  }
}

function asHeader(value: unknown): ResultSetHeader | undefined {
  if (typeof value !== 'object' || value === null || !('affectedRows' in value)) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has what only a header has
  return value as ResultSetHeader
}

const IN_TRANSACTION = 1

/** Whether a transaction is open after the statement; undefined where the answer does not tell. */
export function isInTransaction({ header }: Answer): boolean | undefined {
  return header && (header.serverStatus & IN_TRANSACTION) !== 0
}

/** What was to be fetched. */
export function fetched(answer: Answer, fetch: Query['fetch']): Fetched[Query['fetch']] {
  switch (fetch) {
    case 'row':
      return answer.rows[0]
    case 'rows':
      return answer.rows
    case 'count':
      return answer.header?.affectedRows ?? answer.rows.length
    default:
      return toResult(answer)
  }
}

function toResult({ rows, fields, header }: Answer): RawResult {
  const insertId = BigInt(header?.insertId ?? 0)
  return {
    columns: fields.map(toColumn),
    rows,
    count: BigInt(header?.affectedRows ?? rows.length),
    insertId: insertId === 0n ? undefined : insertId,
  }
}

function toColumn({ name, orgTable, orgName }: FieldPacket): ResultColumn {
  return { name, table: orgTable || null, column: orgName || null }
}
