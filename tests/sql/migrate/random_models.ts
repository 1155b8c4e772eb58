import fc from 'fast-check'
import { z } from 'zod'
import type { Column } from '../../../src/sql/column.ts'
import {
  bigint,
  binary,
  boolean,
  date,
  datetime,
  decimal,
  enumeration,
  float,
  id,
  integer,
  json,
  string,
  text,
  time,
  uuid,
} from '../../../src/sql/columns.ts'
import { databaseNow } from '../../../src/sql/database_default.ts'
import { statesOf } from '../../../src/sql/ddl/state_of.ts'
import { type Model, model } from '../../../src/sql/model.ts'
import { type Schema, toSchema } from '../../../src/sql/migrate/schema.ts'

const TABLES = ['users', 'tasks', 'tags', 'notes'] as const
const COLUMNS = ['alpha', 'beta', 'gamma', 'delta', 'omega'] as const

const types = fc.oneof(
  fc.constantFrom<() => Column>(
    integer,
    bigint,
    float,
    text,
    boolean,
    datetime,
    date,
    time,
    uuid,
    binary,
  ),
  fc.constant<() => Column>(() => json(z.unknown())),
  fc.constantFrom(20, 150, 300).map((n) => (): Column => string(n)),
  fc.constantFrom([10, 2], [12, 4], [18, 0]).map(
    ([p = 1, s = 0]) =>
      (): Column =>
        decimal(p, s),
  ),
  fc
    .subarray(['new', 'open', "it's done", 'ünïcode'], { minLength: 1 })
    .map((values) => (): Column => enumeration(values as [string, ...string[]])),
)

const DEFAULTS: Readonly<Record<string, unknown>> = {
  integer: 7,
  bigint: 2n ** 60n,
  float: 0.5,
  text: "it's",
  string: '',
  boolean: true,
  date: '2026-11-21',
  datetime: new Date(1e12),
  decimal: undefined,
}

const columns = fc
  .record({
    make: types,
    isNullable: fc.boolean(),
    isUnique: fc.nat(5).map((n) => n === 0),
    isIndexed: fc.nat(3).map((n) => n === 0),
    hasDefault: fc.nat(3).map((n) => n === 0),
    reference: fc.option(fc.constantFrom(...TABLES), { freq: 3 }),
    onDelete: fc.constantFrom('cascade', 'restrict', 'no action'),
  })
  .map((parts) => (tables: readonly string[], at: number): Column => {
    const { isNullable, isUnique, isIndexed, hasDefault, onDelete } = parts
    const reference = tables.find((each) => each === parts.reference)
    let column: Column = reference === undefined ? parts.make() : integer()
    const isShort = ['boolean', 'enumeration', 'json', 'binary'].includes(column.type.name)
    if (isUnique && !isShort) column = column.unique()
    else if (isIndexed && !isShort) column = column.index()
    // A row of a table that must refer to a later one could never be the first.
    const mayBeNull = isNullable || (reference !== undefined && tables.indexOf(reference) >= at)
    if (mayBeNull) column = column.nullable()
    if (reference !== undefined)
      return column.references(reference, { onDelete: onDelete as 'cascade' })
    if (!hasDefault) return column
    if (column.type.name === 'datetime' && !isUnique) return column.default(databaseNow)
    const initial = DEFAULTS[column.type.name]
    return initial === undefined ? column : column.default(initial)
  })

const tables = fc.record({
  columns: fc.dictionary(fc.constantFrom(...COLUMNS), columns, { minKeys: 1 }),
  isPair: fc.nat(3).map((n) => n === 0),
  hasCheck: fc.nat(3).map((n) => n === 0),
})

/** Models with references among them, as people write them. */
export const randomSchema: fc.Arbitrary<Schema> = fc
  .dictionary(fc.constantFrom(...TABLES), tables, { minKeys: 1 })
  .map((all) => {
    const names = Object.keys(all)
    const models = Object.entries(all).map(([name, parts], at): Model => {
      const made = Object.entries(parts.columns).map(
        ([each, make]) => [each, make(names, at)] as const,
      )
      const plain = made.filter(([, { type }]) => ['integer', 'date', 'string'].includes(type.name))
      const pair = plain.slice(0, 2).map(([each]) => each)
      const [numeric] = made.filter(
        ([, column]) => column.type.name === 'integer' && !column.reference,
      )
      return model(
        name,
        { id: id(), ...Object.fromEntries(made) },
        {
          ...(parts.isPair && pair.length === 2 && { unique: [pair as never[]] }),
          ...(parts.hasCheck && numeric && { checks: { range: `${numeric[0]} > -5000000` } }),
        },
      )
    })
    return toSchema(statesOf(models))
  })
