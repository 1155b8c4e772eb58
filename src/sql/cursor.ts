import { createHash } from 'node:crypto'
import type { SQLValue } from './driver.ts'
import { DataError } from './errors.ts'
import { type Keyset, toSorted, valueIn } from './keyset.ts'
import type { Table, TableColumn } from './table.ts'

/** The place of a row as a text for clients: they may keep it, and need not understand it. */
export function toCursor(table: Table, order: readonly string[], row: object): string {
  const fields = order.map((name) => toField(valueIn(row, toSorted(table, name).column.name)))
  const json = JSON.stringify([signatureOf(table, order), ...fields])
  return Buffer.from(json).toString('base64url')
}

/** @throws {DataError} when it is not one that was given for this order */
export function fromCursor(table: Table, order: readonly string[], cursor: string): Keyset {
  const fields = parse(cursor)
  const sorted = order.map((name) => toSorted(table, name))
  if (fields?.length !== sorted.length + 1 || fields[0] !== signatureOf(table, order))
    throw misfit()
  return { sorted, values: sorted.map(({ column }, i) => toBound(column, fields[i + 1])) }
}

function parse(cursor: string): unknown[] | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(json) ? json : undefined
  } catch {
    return undefined
  }
}

/** JSON has no form for some values. */
function toField(value: unknown): unknown {
  if (typeof value === 'bigint') return { n: String(value) }
  if (value instanceof Date) return { t: value.getTime() }
  return value instanceof Uint8Array ? { b: Buffer.from(value).toString('base64') } : value
}

function fromField(field: unknown): unknown {
  if (typeof field !== 'object' || field === null) return field
  if ('n' in field) return BigInt(String(field.n))
  if ('t' in field) return new Date(Number(field.t))
  return 'b' in field ? Buffer.from(String(field.b), 'base64') : field
}

/** What clients send is a value of the column, whatever they made of it. */
function toBound({ column, compare }: TableColumn, field: unknown): SQLValue {
  if (field === null && column.isNullable) return null
  try {
    return compare(fromField(field))
  } catch {
    throw misfit()
  }
}

function signatureOf(table: Table, order: readonly string[]): string {
  const text = [table.model.table, ...order].join(' ')
  return createHash('sha256').update(text).digest('base64url').slice(0, 8)
}

function misfit(): DataError {
  return new DataError('Not a valid cursor for this list.', 'cursor')
}
