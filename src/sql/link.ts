import type { Column } from './column.ts'
import type { Model } from './model.ts'
import type { Relation, Relations } from './relation.ts'

/** A table between two others, and its columns that refer to them. */
export interface Through {
  readonly model: Model
  readonly from: string
  readonly to: string
}

/** A relation as statements need it. */
export interface Link {
  readonly name: string
  readonly target: Model
  readonly isMany: boolean
  /** Whether there is one row at most: no two have the same value in `to`. */
  readonly isUnique: boolean
  /** The column of the row. */
  readonly from: string
  /** The column of the target that has the same value; that of the row in between, when there is one. */
  readonly to: string
  readonly through: Through | undefined
  readonly orderBy: readonly string[]
}

/** The relations of a database's models, found and checked once. */
export type Links = ReadonlyMap<string, ReadonlyMap<string, Link>>

/**
 * Find the foreign keys that relations stand on.
 *
 * @throws {TypeError} naming the relation, when there is none, more than one, or a name is taken
 */
export function toLinks(models: readonly Model[], relations: Relations): Links {
  const byTable = new Map(models.map((model) => [model.table, model]))
  return new Map(
    Object.entries(relations).map(([table, declared]) => {
      const owner = byTable.get(table)
      if (!owner) {
        const known = [...byTable.keys()].join(', ')
        throw new TypeError(`Relations of "${table}": there is no such table; there are ${known}.`)
      }
      const links = Object.entries(declared).map(([name, relation]): [string, Link] => {
        return [name, toLink(owner, name, relation)]
      })
      return [table, new Map(links)]
    }),
  )
}

function toLink(owner: Model, name: string, relation: Relation): Link {
  const where = `${owner.table}.${name}`
  if (Object.hasOwn(owner.columns, name)) {
    throw new TypeError(`The relation ${where} has the name of a column.`)
  }
  const { target, options } = relation
  const orderBy = options.orderBy ?? target.primaryKey
  checkOrder(where, target, orderBy)
  const shared = { name, target, orderBy, isMany: relation.kind.endsWith('Many') }
  if (relation.kind === 'belongsTo') {
    const from = foreignKey(where, owner, target, options.via)
    checkOptional(where, owner, from, options.optional ?? false)
    const to = targetColumn(owner, from, target)
    return { ...shared, isUnique: true, from, to, through: undefined }
  }
  if (relation.kind !== 'manyToMany') {
    const to = foreignKey(where, target, owner, options.via)
    const isUnique = !shared.isMany && (target.columns[to]?.isUnique ?? false)
    return { ...shared, isUnique, from: targetColumn(target, to, owner), to, through: undefined }
  }
  return { ...shared, isUnique: false, ...throughOf(where, owner, relation) }
}

function throughOf(where: string, owner: Model, { target, options }: Relation) {
  const model = options.through
  if (!model) throw new TypeError(`The relation ${where} needs the model in between: through.`)
  const from = foreignKey(where, model, owner, options.via, options.to)
  const to = foreignKey(where, model, target, options.to, from)
  return {
    from: targetColumn(model, from, owner),
    to: targetColumn(model, to, target),
    through: { model, from, to },
  }
}

/** The column of `model` that refers to `target`. */
function foreignKey(
  where: string,
  model: Model,
  target: Model,
  via: string | undefined,
  other?: string,
): string {
  const columns = Object.entries<Column>(model.columns)
  const found = columns
    .filter(([name, { reference }]) => reference?.table === target.table && name !== other)
    .map(([name]) => name)
  if (via !== undefined) {
    if (found.includes(via)) return via
    throw new TypeError(
      `The relation ${where}: ${model.table}.${via} does not refer to ${target.table}.`,
    )
  }
  const [only, second] = found
  if (only !== undefined && second === undefined) return only
  const problem =
    only === undefined
      ? `no column of ${model.table} refers to ${target.table}`
      : `it may be any of ${found.join(', ')} of ${model.table}; say which with "via"`
  throw new TypeError(`The relation ${where}: ${problem}.`)
}

function targetColumn(model: Model, column: string, target: Model): string {
  return model.columns[column]?.reference?.column ?? target.key
}

function checkOptional(where: string, owner: Model, column: string, isOptional: boolean): void {
  const isNullable = owner.columns[column]?.isNullable ?? false
  if (isNullable === isOptional) return
  const say = isNullable ? 'say { optional: true }' : 'leave "optional" out'
  throw new TypeError(
    `The relation ${where}: ${owner.table}.${column} may ${isNullable ? '' : 'not '}be null; ${say}.`,
  )
}

function checkOrder(where: string, target: Model, orderBy: readonly string[]): void {
  const unknown = orderBy.find((name) => !Object.hasOwn(target.columns, name.replace(/^-/, '')))
  if (unknown === undefined) return
  throw new TypeError(`The relation ${where}: ${target.table} has no column "${unknown}".`)
}
