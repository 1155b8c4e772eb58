import { nameOf } from '../ddl/state_of.ts'
import type { ForeignKeyState, IndexState, TableState } from '../ddl/table_state.ts'
import { MigrationError } from './errors.ts'
import type { Fill, Operation } from './operation.ts'
import { columnText } from './render_column.ts'
import { memberText, nameText, objectText, valueText } from './render_value.ts'
import type { Revision } from './revision.ts'

/** What the file of a revision says. */
export interface RevisionSource extends Pick<Revision, 'id' | 'parents' | 'message' | 'date'> {
  readonly up: readonly Operation[]
  readonly down: readonly Operation[]
  /** What its comment says besides the message. */
  readonly notes: readonly string[]
}

/** The file of a revision, as a person would write it. */
export function revisionText({
  id,
  parents,
  message,
  date,
  up,
  down,
  notes,
}: RevisionSource): string {
  const body = [
    'export const revision = defineRevision({',
    `  id: ${valueText(id)},`,
    `  parents: ${valueText(parents)},`,
    `  message: ${valueText(message)},`,
    `  date: ${valueText(date)},`,
    '',
    ...functionLines('upgrade', up),
    '',
    ...functionLines('downgrade', down),
    '})',
  ].join('\n')
  const used = [...IMPORTS].filter(([, text]) => body.includes(text)).map(([name]) => name)
  const comment = ['/**', ...[message, ...notes].map(commentLine), ' */']
  return [`import { ${used.join(', ')} } from 'dewar/db'`, '', ...comment, body, ''].join('\n')
}

/** What a file may import, by how it stands there. */
const IMPORTS: ReadonlyMap<string, string> = new Map([
  ['column', ' column.'],
  ['DatabaseDefault', 'default(new DatabaseDefault('],
  ['databaseNow', 'default(databaseNow)'],
  ['defineRevision', 'defineRevision('],
  ['distinct', '{ fill: distinct'],
])

function commentLine(line: string): string {
  return ` * ${line.replaceAll('*/', '* /').replaceAll('\n', ' ')}`
}

function functionLines(name: string, operations: readonly Operation[]): string[] {
  if (operations.length === 0) return [`  ${name}() {},`]
  const lines = operations.flatMap((each) => operationText(each).split('\n'))
  return [`  ${name}(op) {`, ...lines.map((line) => `    ${line}`), '  },']
}

/** One operation as a call. */
function operationText(operation: Operation): string {
  switch (operation.kind) {
    case 'createTable':
      return tableText(operation.table)
    case 'dropTable':
      return call('dropTable', operation.table)
    case 'renameTable':
      return call('renameTable', operation.table, operation.to)
    case 'commentTable':
      return operation.comment === undefined
        ? call('commentTable', operation.table)
        : call('commentTable', operation.table, operation.comment)
    case 'addColumn':
      return columnCall('addColumn', operation.table, operation.column, fillText(operation.fill))
    case 'alterColumn': {
      const replace = operation.replace && `replace: ${valueText(operation.replace)}`
      const options = [...fillText(operation.fill), ...(replace ? [replace] : [])]
      return columnCall('alterColumn', operation.table, operation.column, options)
    }
    case 'dropColumn':
      return call('dropColumn', operation.table, operation.column)
    case 'renameColumn':
      return call('renameColumn', operation.table, operation.column, operation.to)
    case 'setPrimaryKey':
      return call('setPrimaryKey', operation.table, operation.columns)
    default:
      return constraintText(operation)
  }
}

function constraintText(operation: Operation): string {
  switch (operation.kind) {
    case 'dropConstraint':
      return call('dropConstraint', operation.table, operation.name)
    case 'renameConstraint':
      return call('renameConstraint', operation.table, operation.name, operation.to)
    case 'dropIndex':
      return call('dropIndex', operation.table, operation.name)
    case 'createIndex': {
      const { columns, ...options } = indexOptions(operation.table, operation.index)
      return call('createIndex', operation.table, columns, options)
    }
    case 'addConstraint': {
      const { table, constraint } = operation
      if (constraint.kind === 'check') {
        return call('addCheck', table, constraint.name, constraint.sql)
      }
      const { columns } = constraint
      if (constraint.kind === 'unique') {
        return call('addUnique', table, columns, { name: nameUnless('uq', table, constraint) })
      }
      const { columns: _, table: target, ...options } = foreignKeyOptions(table, constraint)
      return call('addForeignKey', table, columns, target, options)
    }
    default:
      throw new MigrationError(`There is no text for ${operation.kind}.`)
  }
}

function call(name: string, ...values: readonly unknown[]): string {
  const texts = values.map(valueText)
  if (texts.at(-1) === '{}') texts.pop()
  return `op.${name}(${texts.join(', ')})`
}

function columnCall(
  name: string,
  table: string,
  column: Parameters<typeof columnText>[0],
  options: readonly string[],
): string {
  const last = options.length > 0 ? `, { ${options.join(', ')} }` : ''
  return `op.${name}(${valueText(table)}, ${valueText(column.name)}, ${columnText(column)}${last})`
}

function fillText(fill: Fill | undefined): string[] {
  if (!fill) return []
  return [fill.kind === 'distinct' ? 'fill: distinct' : `fill: ${valueText(fill.value)}`]
}

function tableText(table: TableState): string {
  const keys = table.primaryKey
  const columns = table.columns.map((column) => {
    const isKey = keys.length === 1 && keys[0] === column.name && !column.isAuto
    return `  ${nameText(column.name)}: ${columnText(column)}${isKey ? '.primary()' : ''},`
  })
  const definition = definitionLines(table)
  const end =
    definition.length === 0 ? ['})'] : ['}, {', ...definition.map((each) => `  ${each},`), '})']
  return [`op.createTable(${valueText(table.name)}, {`, ...columns, ...end].join('\n')
}

function definitionLines(table: TableState): string[] {
  const { name, primaryKey, uniques, indexes, checks, foreignKeys, comment } = table
  return [
    ...(primaryKey.length > 1 ? memberText('primaryKey', primaryKey) : []),
    ...memberText(
      'uniques',
      uniques.map((each) => ({ columns: each.columns, name: nameUnless('uq', name, each) })),
    ),
    ...memberText(
      'indexes',
      indexes.map((each) => indexOptions(name, each)),
    ),
    ...(checks.length > 0
      ? [`checks: ${objectText(checks.map((each) => [each.name, each.sql] as const))}`]
      : []),
    ...memberText(
      'foreignKeys',
      foreignKeys.map((each) => foreignKeyOptions(name, each)),
    ),
    ...(comment === undefined ? [] : [`comment: ${valueText(comment)}`]),
  ]
}

function indexOptions(table: string, index: IndexState) {
  const { columns, isUnique, where } = index
  return { columns, name: nameUnless('ix', table, index), unique: isUnique || undefined, where }
}

function foreignKeyOptions(table: string, key: ForeignKeyState) {
  const { columns, refersTo, onDelete, onUpdate } = key
  return {
    columns,
    table: key.table,
    refersTo,
    onDelete: onDelete === 'restrict' ? undefined : onDelete,
    onUpdate: onUpdate === 'restrict' ? undefined : onUpdate,
    name: nameUnless('fk', table, key),
  }
}

/** The name, where it is not the usual one. */
function nameUnless(
  kind: string,
  table: string,
  { name, columns }: { readonly name: string; readonly columns: readonly string[] },
): string | undefined {
  return name === nameOf(kind, table, columns) ? undefined : name
}
