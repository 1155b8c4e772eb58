import { type Decode, toDecode } from './decode.ts'
import type { Link } from './link.ts'
import type { Wanted } from './plan.ts'
import type { Table, TableColumn } from './table.ts'

/** A relation to one row, which comes in the statement of the row that leads to it. */
export interface Joined {
  readonly link: Link
  readonly tree: Tree
  /** What its table is called in the statement. */
  readonly alias: string
  /** What the table is called that leads to it. */
  readonly from: string
}

/** A relation whose rows come in a statement of their own. */
export interface Apart {
  readonly link: Link
  readonly tree: Tree
}

/** Rows of a table, and what is loaded with them. */
export interface Tree {
  readonly table: Table
  readonly columns: readonly TableColumn[]
  readonly joined: readonly Joined[]
  readonly apart: readonly Apart[]
  /** Whether all of it comes in one statement. */
  readonly isWhole: boolean
  /** For the key of a query: what it joins. */
  readonly mark: string
  /** Makes a row, with a member for each relation; those of `apart` are filled later. */
  readonly decode: Decode<object>
}

/** How a statement is, in so far as it matters to what it may join. */
interface Selection {
  readonly columns?: readonly TableColumn[] | undefined
  readonly isDistinct?: boolean
  readonly isLocked?: boolean
  /** Whether the rows are there already. */
  readonly isAlone?: boolean
}

/**
 * What is to be loaded with rows of `table`; worked out once.
 *
 * Nothing is joined where it would be locked too, or change which rows are distinct.
 *
 * @throws {TypeError} for a relation that is not there
 */
export function treeOf(table: Table, wanted: Wanted, selection: Selection = {}): Tree {
  const { columns, isDistinct = false, isLocked = false, isAlone = false } = selection
  const mayJoin = !columns && !isDistinct && !isLocked && !isAlone
  const marks = columns?.map(({ mark }) => mark).join() ?? ''
  const key = `${mayJoin} ${marks} ${JSON.stringify(wanted)}`
  let tree = table.trees.get(key)
  if (!tree) {
    const alias = mayJoin ? table.model.table : undefined
    tree = toTree(table, columns ?? table.columns, wanted, alias)
    table.trees.set(key, tree)
  }
  return tree
}

/** @param alias of the table in the statement; undefined where it joins nothing */
function toTree(
  table: Table,
  columns: readonly TableColumn[],
  wanted: Wanted,
  alias: string | undefined,
): Tree {
  const joined: Joined[] = []
  const apart: Apart[] = []
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined) continue
    const link = table.link(name)
    const inner = value === true ? {} : value
    const target = table.other(link.target)
    if (alias !== undefined && link.isUnique) {
      // Names of tables never begin like this.
      const own = `${alias.startsWith('__') ? alias : '_'}_${joined.length}`
      joined.push({
        link,
        alias: own,
        from: alias,
        tree: toTree(target, target.columns, inner, own),
      })
    } else {
      apart.push({ link, tree: toTree(target, target.columns, inner, link.target.table) })
    }
  }
  const isWhole = apart.length === 0 && joined.every(({ tree }) => tree.isWhole)
  const decode = toDecode({ columns, joined, apart })
  return { table, columns, joined, apart, isWhole, mark: markOf(joined), decode }
}

function markOf(joined: readonly Joined[]): string {
  if (joined.length === 0) return ''
  return ` with(${joined.map(({ link, tree }) => `${link.name}${tree.mark}`).join()})`
}

/** All that the tree's statement joins, each after what leads to it. */
export function joinsIn({ joined }: Pick<Tree, 'joined'>): Joined[] {
  return joined.flatMap((each) => [each, ...joinsIn(each.tree)])
}
