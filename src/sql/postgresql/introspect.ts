import { nameOf } from '../ddl/state_of.ts'
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
import { z } from 'zod'
import { typeOf } from './introspect_type.ts'

type Run = (sql: string) => Promise<readonly (readonly unknown[])[]>

const tableSchema = z.object({
  name: z.string(),
  comment: z.string().nullable(),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      members: z.array(z.string()).nullable(),
      isNullable: z.boolean(),
      isAuto: z.boolean(),
      initial: z.string().nullable(),
      collation: z.string().nullable(),
      comment: z.string().nullable(),
    }),
  ),
  constraints: z.array(
    z.object({
      kind: z.string(),
      name: z.string(),
      columns: z.array(z.string()).nullable(),
      definition: z.string(),
      target: z.string().nullable(),
      refersTo: z.array(z.string()).nullable(),
      onDelete: z.string(),
      onUpdate: z.string(),
    }),
  ),
  indexes: z.array(
    z.object({
      name: z.string(),
      isUnique: z.boolean(),
      columns: z.array(z.string()),
      where: z.string().nullable(),
    }),
  ),
})

type Found = z.infer<typeof tableSchema>

/** The tables in the schema that comes first in the search path. */
export async function introspectPostgres(run: Run): Promise<TableState[]> {
  const rows = await run(QUERY)
  return rows.map(([text]) => toState(tableSchema.parse(JSON.parse(String(text)))))
}

const NAMES_OF = (numbers: string, table: string): string =>
  `(select json_agg(a.attname order by k.i) from unnest(${numbers}) with ordinality k (n, i)
    join pg_attribute a on a.attrelid = ${table} and a.attnum = k.n)`

const QUERY = `
select json_build_object(
  'name', t.relname,
  'comment', obj_description(t.oid, 'pg_class'),
  'columns', (select coalesce(json_agg(json_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'members', (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = a.atttypid),
      'isNullable', not a.attnotnull,
      'isAuto', a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid), '') like 'nextval(%',
      'initial', pg_get_expr(d.adbin, d.adrelid),
      'collation', (select c.collname from pg_collation c where c.oid = a.attcollation and c.collname <> 'default'),
      'comment', col_description(t.oid, a.attnum)) order by a.attnum), '[]')
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped),
  'constraints', (select coalesce(json_agg(json_build_object(
      'kind', c.contype, 'name', c.conname, 'definition', pg_get_constraintdef(c.oid),
      'columns', ${NAMES_OF('c.conkey', 'c.conrelid')},
      'target', (select relname from pg_class where oid = c.confrelid),
      'refersTo', ${NAMES_OF('c.confkey', 'c.confrelid')},
      'onDelete', c.confdeltype, 'onUpdate', c.confupdtype) order by c.oid), '[]')
    from pg_constraint c where c.conrelid = t.oid and c.contype in ('p', 'u', 'c', 'f')),
  'indexes', (select coalesce(json_agg(json_build_object(
      'name', i.relname, 'isUnique', x.indisunique,
      'where', pg_get_expr(x.indpred, x.indrelid),
      'columns', (select json_agg(case when x.indoption[k - 1] & 1 = 1 then '-' else '' end
          || trim(both '"' from pg_get_indexdef(x.indexrelid, k, true)) order by k)
        from generate_series(1, x.indnkeyatts::integer) k)) order by x.indexrelid), '[]')
    from pg_index x join pg_class i on i.oid = x.indexrelid
    where x.indrelid = t.oid and x.indisvalid
      and not exists (select from pg_constraint c where c.conindid = x.indexrelid and c.contype in ('p', 'u', 'x')))
)::text
from pg_class t
where t.relkind in ('r', 'p') and t.relnamespace = current_schema()::regnamespace
order by t.oid`

function toState(found: Found): TableState {
  const checks = found.constraints.filter(({ kind }) => kind === 'c')
  const columns = found.columns.map((column) => columnOf(column, checks))
  const taken = new Set(columns.map(({ check }) => check))
  const key = found.constraints.find(({ kind }) => kind === 'p')
  return {
    name: found.name,
    columns: columns.map(({ column }) => column),
    primaryKey: key?.columns ?? [],
    uniques: found.constraints
      .filter(({ kind }) => kind === 'u')
      .map(({ name, columns: names }) => ({ name, columns: names ?? [] })),
    indexes: found.indexes.map(({ where, ...index }): IndexState => ({
      ...index,
      ...(where !== null && { where }),
    })),
    checks: checks
      .filter((check) => !taken.has(check))
      .map(({ name, definition }): CheckState => ({
        name,
        sql: definition.replace(/^CHECK \((.*)\)( NOT VALID)?$/s, '$1'),
      })),
    foreignKeys: found.constraints
      .filter(({ kind }) => kind === 'f')
      .map((each) => foreignKeyOf(found.name, each)),
    ...(found.comment !== null && { comment: found.comment }),
  }
}

type FoundCheck = Found['constraints'][number]

function columnOf(
  found: Found['columns'][number],
  checks: readonly FoundCheck[],
): { readonly column: ColumnState; readonly check: FoundCheck | undefined } {
  const { name, isNullable, isAuto, initial, collation, comment } = found
  const { type, check } = typeOf(found, checks)
  const value = initial === null || isAuto ? undefined : defaultOf(initial, type)
  const isOwn = collation !== null && collation !== 'C'
  const column = {
    name,
    type,
    isNullable,
    isAuto,
    ...(value && { default: value }),
    ...(isOwn && {
      collation: { sqlite: 'binary', postgresql: collation, mariadb: 'utf8mb4_bin' },
    }),
    ...(comment !== null && { comment }),
  }
  return { column, check }
}

/** A constant where it is one, else SQL. */
function defaultOf(sql: string, type: ColumnType): DefaultState {
  const [, text] = /^'((?:[^']|'')*)'(?:::[\w ()]+)?$/.exec(sql) ?? []
  const value = text?.replaceAll("''", "'")
  if (value !== undefined && TEXTS.has(type.name)) return { kind: 'value', value }
  const number = Number(value ?? sql)
  const isNumber = type.name === 'integer' || type.name === 'float'
  if (isNumber && Number.isFinite(number)) return { kind: 'value', value: number }
  if (type.name === 'boolean' && /^(true|false)$/.test(sql)) {
    return { kind: 'value', value: sql === 'true' }
  }
  return { kind: 'expression', sql }
}

const TEXTS: ReadonlySet<string> = new Set(['string', 'text', 'enumeration', 'date', 'uuid'])

function foreignKeyOf(
  table: string,
  { name, columns, target, refersTo, onDelete, onUpdate }: FoundCheck,
): ForeignKeyState {
  return {
    name: name === '' ? nameOf('fk', table, columns ?? []) : name,
    columns: columns ?? [],
    table: target ?? '',
    refersTo: refersTo ?? [],
    onDelete: ACTIONS[onDelete] ?? 'no action',
    onUpdate: ACTIONS[onUpdate] ?? 'no action',
  }
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  a: 'no action',
}
