import { z } from 'zod'
import type {
  CheckState,
  ColumnState,
  DefaultState,
  ForeignKeyState,
  IndexState,
  ReferentialAction,
  TableState,
} from '../ddl/table_state.ts'
import type { ColumnType } from '../column_type.ts'
import type { StoredRow } from '../driver.ts'
import { COLLATIONS } from './connect.ts'
import { conditionColumn, hiddenFrom } from './hidden.ts'
import { isOfType, textsIn, typeOf } from './introspect_type.ts'

type Run = (sql: string) => Promise<readonly StoredRow[]>

const HERE = 'table_schema = database()'

/** The tables in the database of the connection. */
export async function introspectMariadb(run: Run): Promise<TableState[]> {
  const tables = await run(
    `select table_name, table_comment from information_schema.tables
     where ${HERE} and table_type = 'BASE TABLE' order by create_time, table_name`,
  )
  const found = {
    columns: byTable(await run(COLUMNS), columnSchema),
    keys: byTable(await run(KEYS), keySchema),
    checks: byTable(await run(CHECKS), checkSchema),
    foreignKeys: byTable(await run(FOREIGN_KEYS), foreignKeySchema),
  }
  return tables.map(([name, comment]) => {
    const table = String(name)
    const parts = {
      columns: found.columns.get(table) ?? [],
      keys: found.keys.get(table) ?? [],
      checks: found.checks.get(table) ?? [],
      foreignKeys: found.foreignKeys.get(table) ?? [],
    }
    return { ...toState(table, parts), ...(comment !== '' && { comment: String(comment) }) }
  })
}

const COLUMNS = `
select table_name, json_object('name', column_name, 'type', column_type, 'isNullable', is_nullable = 'YES',
  'extra', extra, 'initial', column_default, 'collation', collation_name,
  'comment', column_comment, 'generated', generation_expression)
from information_schema.columns where ${HERE} order by table_name, ordinal_position`

const columnSchema = z.object({
  name: z.string(),
  type: z.string(),
  isNullable: z.coerce.boolean(),
  extra: z.string(),
  initial: z.string().nullable(),
  collation: z.string().nullable(),
  comment: z.string(),
  generated: z.string().nullable(),
})

const KEYS = `
select table_name, json_object('name', index_name, 'isUnique', non_unique = 0,
  'column', concat(case when collation = 'D' then '-' else '' end, column_name))
from information_schema.statistics where ${HERE} order by table_name, index_name, seq_in_index`

const keySchema = z.object({ name: z.string(), isUnique: z.coerce.boolean(), column: z.string() })

const CHECKS = `
select table_name, json_object('name', constraint_name, 'isOfColumn', level = 'Column', 'sql', check_clause)
from information_schema.check_constraints where constraint_schema = database()
order by table_name, constraint_name`

const checkSchema = z.object({ name: z.string(), isOfColumn: z.coerce.boolean(), sql: z.string() })

const FOREIGN_KEYS = `
select r.table_name, json_object('name', r.constraint_name, 'table', r.referenced_table_name,
  'column', k.column_name, 'refersTo', k.referenced_column_name,
  'onDelete', lower(r.delete_rule), 'onUpdate', lower(r.update_rule))
from information_schema.referential_constraints r
join information_schema.key_column_usage k on k.constraint_schema = r.constraint_schema
  and k.table_name = r.table_name and k.constraint_name = r.constraint_name
where r.constraint_schema = database() order by r.table_name, r.constraint_name, k.ordinal_position`

const ACTIONS: readonly ReferentialAction[] = ['restrict', 'cascade', 'set null', 'no action']

const actionSchema = z.enum(ACTIONS).catch('no action')

const foreignKeySchema = z.object({
  name: z.string(),
  table: z.string(),
  column: z.string(),
  refersTo: z.string(),
  onDelete: actionSchema,
  onUpdate: actionSchema,
})

interface Found {
  readonly columns: readonly z.infer<typeof columnSchema>[]
  readonly keys: readonly z.infer<typeof keySchema>[]
  readonly checks: readonly z.infer<typeof checkSchema>[]
  readonly foreignKeys: readonly z.infer<typeof foreignKeySchema>[]
}

/** Whether it is what a constraint makes. */
function isPlain({ isUnique, where, columns }: IndexState): boolean {
  return isUnique && where === undefined && columns.every((each) => !each.startsWith('-'))
}

function toState(name: string, { columns, keys, checks, foreignKeys }: Found): TableState {
  const conditions = new Map(columns.map((each) => [each.name, each.generated ?? undefined]))
  const references = foreignKeysOf(foreignKeys)
  // For a foreign key the server makes an index of the same name, and comes and goes with it.
  const own = keysOf(keys, conditions).filter((key) =>
    references.every((reference) => reference.name !== key.name),
  )
  const primary = own.find((key) => key.name === 'PRIMARY')
  const rest = own.filter((key) => key !== primary)
  return {
    name,
    columns: columns
      .filter((column) => !column.name.startsWith('__'))
      .map((column) => columnOf(column, checks)),
    primaryKey: primary?.columns ?? [],
    uniques: rest.filter(isPlain).map((key) => ({ name: key.name, columns: key.columns })),
    indexes: rest.filter((key) => !isPlain(key)),
    checks: checks
      .filter(({ isOfColumn, name: column, sql }) => {
        const type = columns.find((each) => each.name === column)?.type ?? ''
        return !isOfColumn || !isOfType(type, sql)
      })
      .map(({ name: check, sql }): CheckState => ({ name: check, sql })),
    foreignKeys: references,
  }
}

function columnOf(found: Found['columns'][number], checks: Found['checks']): ColumnState {
  const { name, isNullable, extra, initial, collation, comment } = found
  const check = checks.find((each) => each.isOfColumn && each.name === name)
  const type = typeOf(found.type, check?.sql)
  const value = initial === null || initial === 'NULL' ? undefined : defaultOf(initial, type)
  const isOwn = TEXTS.has(type.name) && collation !== null && collation !== COLLATIONS.mariadb
  return {
    name,
    type,
    isNullable,
    isAuto: extra.includes('auto_increment'),
    ...(value && { default: value }),
    ...(isOwn && { collation: { sqlite: 'binary', postgresql: 'C', mariadb: collation } }),
    ...(comment !== '' && { comment }),
  }
}

const TEXTS: ReadonlySet<string> = new Set(['string', 'text', 'enumeration'])

const QUOTED: ReadonlySet<string> = new Set([...TEXTS, 'date', 'uuid'])

/** A constant where it is one, else SQL. */
function defaultOf(sql: string, type: ColumnType): DefaultState {
  if (QUOTED.has(type.name) && /^'.*'$/s.test(sql)) {
    const [value = ''] = textsIn(sql)
    return { kind: 'value', value }
  }
  const isNumber = /^-?[\d.]+(?:e[+-]?\d+)?$/i.test(sql)
  if (isNumber && type.name === 'decimal') return { kind: 'value', value: sql }
  if (isNumber && type.name === 'boolean') return { kind: 'value', value: sql !== '0' }
  const isExact = type.name === 'float' || Number.isSafeInteger(Number(sql))
  if (isNumber && isExact && (type.name === 'float' || type.name === 'integer')) {
    return { kind: 'value', value: Number(sql) }
  }
  return { kind: 'expression', sql }
}

function keysOf(
  rows: Found['keys'],
  conditions: ReadonlyMap<string, string | undefined>,
): IndexState[] {
  return grouped(rows).map(([{ name, isUnique }, columns]) => {
    const condition = conditions.get(conditionColumn(name))
    const where = /^case when (.*) then 1 end$/is.exec(condition ?? '')?.[1]
    return {
      name,
      isUnique,
      columns: columns.flatMap(({ column }) => visible(column)),
      ...(where !== undefined && { where }),
    }
  })
}

function visible(column: string): string[] {
  const sign = column.startsWith('-') ? '-' : ''
  const name = hiddenFrom(column.slice(sign.length))
  return name === undefined ? [] : [`${sign}${name}`]
}

function foreignKeysOf(rows: Found['foreignKeys']): ForeignKeyState[] {
  return grouped(rows).map(([{ name, table, onDelete, onUpdate }, pairs]) => ({
    name,
    columns: pairs.map(({ column }) => column),
    table,
    refersTo: pairs.map(({ refersTo }) => refersTo),
    onDelete,
    onUpdate,
  }))
}

/** Rows of the same name together, the first of them before all. */
function grouped<T extends { readonly name: string }>(rows: readonly T[]): [T, readonly T[]][] {
  return [...Map.groupBy(rows, ({ name }) => name).values()].map((group) => [group[0]!, group])
}

function byTable<T>(rows: readonly StoredRow[], schema: z.ZodType<T>): Map<string, T[]> {
  const groups = Map.groupBy(rows, ([table]) => String(table))
  return new Map(
    [...groups].map(([table, found]) => [
      table,
      found.map(([, text]) => schema.parse(JSON.parse(String(text)))),
    ]),
  )
}
