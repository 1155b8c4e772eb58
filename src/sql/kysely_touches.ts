import {
  AggregateFunctionNode,
  AliasNode,
  ColumnNode,
  type ColumnUpdateNode,
  DeleteQueryNode,
  FromNode,
  FunctionNode,
  InsertQueryNode,
  JoinNode,
  ListNode,
  MergeQueryNode,
  type OperationNode,
  PrimitiveValueListNode,
  RawNode,
  ReferenceNode,
  SelectQueryNode,
  TableNode,
  UpdateQueryNode,
  UsingNode,
  ValueNode,
  WithNode,
} from 'kysely'
import type { Touches } from './driver.ts'
import { isExpression, isKnownFunction } from './raw_text.ts'
import type { Change, TableGraph } from './table_graph.ts'
import { type Declared, isDeclared } from './touching.ts'

/** The names of common table expressions, which hide tables where a node stands. */
type Names = ReadonlySet<string>

/** What a statement that Kysely built reads and writes. What cannot be told from its tree may be anything. */
export class NodeTouches {
  readonly #reads = new Set<string>()
  readonly #writes = new Set<string>()
  readonly #beyond = new Set<string>()
  readonly #graph: TableGraph
  readonly #writesJoined: boolean
  #isUnknown: boolean
  #mentions = 0
  #hasText = false

  /** @param writesJoined whether an update may set columns of all tables that it joins, as in MariaDB */
  constructor(root: OperationNode, graph: TableGraph, writesJoined: boolean) {
    this.#graph = graph
    this.#writesJoined = writesJoined
    this.#isUnknown = !isQuery(root)
    this.#visit(root, NONE)
  }

  get touches(): Touches {
    if (this.#isUnknown) return 'everything'
    return { reads: this.#reads, writes: this.#writes, beyond: this.#beyond }
  }

  /** Whether it names one table, once: then its condition means rows of that. */
  get isSingle(): boolean {
    return this.#mentions === 1 && !this.#isUnknown && !this.#hasText
  }

  #visit(node: OperationNode, outer: Names): void {
    const names = this.#withNames(node, outer)
    if (TableNode.is(node)) return this.#read(node, names)
    if (isDeclared(node)) return this.#declare(node.declared)
    if (RawNode.is(node)) this.#requireKnown(isExpression(node.sqlFragments.join(' ? ')))
    else if (FunctionNode.is(node) || AggregateFunctionNode.is(node)) {
      this.#requireKnown(isKnownFunction(node.func))
    } else this.#writeBy(node)
    this.#requireKnown(!sourcesOf(node).some(isText))
    if (!isLeaf(node)) for (const part of partsOf(node)) this.#visit(part, names)
  }

  /** Each name is known to those after it; where the list is recursive, to all. */
  #withNames(node: OperationNode, outer: Names): Names {
    const list = 'with' in node ? node.with : undefined
    if (!isNode(list) || !WithNode.is(list)) return outer
    const names = new Set(outer)
    if (list.recursive) for (const { name } of list.expressions) names.add(nameOf(name.table))
    for (const { name, expression } of list.expressions) {
      this.#visit(expression, new Set(names))
      names.add(nameOf(name.table))
    }
    return names
  }

  #read(node: TableNode, names: Names): void {
    const name = nameOf(node)
    if (names.has(name)) return
    this.#mentions++
    this.#requireKnown(this.#graph.has(name))
    this.#reads.add(name)
  }

  #writeBy(node: OperationNode): void {
    if (InsertQueryNode.is(node)) this.#insert(node)
    else if (UpdateQueryNode.is(node)) this.#update(node)
    else if (DeleteQueryNode.is(node)) this.#write(node.from.froms, 'delete')
    else if (MergeQueryNode.is(node)) {
      this.#write([node.into], 'delete')
      this.#write([node.into], 'update')
    }
  }

  #insert({ into, onConflict, onDuplicateKey, replace, orAction }: InsertQueryNode): void {
    const targets = into ? [into] : []
    const updates = [...(onConflict?.updates ?? []), ...(onDuplicateKey?.updates ?? [])]
    this.#write(targets, namesSetBy(updates))
    if (replace || orAction) this.#write(targets, 'delete')
  }

  #update({ table, joins = [], updates = [] }: UpdateQueryNode): void {
    const joined = this.#writesJoined ? joins.map((join) => join.table) : []
    this.#write(table ? [table, ...joined] : joined, namesSetBy(updates))
  }

  #write(targets: readonly OperationNode[], change: Change): void {
    for (const target of targets.flatMap(tablesOf)) {
      this.#requireKnown(TableNode.is(target) && this.#graph.has(nameOf(target)))
      if (TableNode.is(target)) this.#writeTable(nameOf(target), change)
    }
  }

  #writeTable(name: string, change: Change): void {
    this.#writes.add(name)
    for (const changed of this.#graph.changedBy(name, change)) {
      this.#writes.add(changed)
      this.#beyond.add(changed)
    }
  }

  /** What its author says. Whether rows go or change is not said, so both. */
  #declare({ reads, writes }: Declared): void {
    this.#hasText = true
    for (const name of reads) this.#reads.add(name)
    for (const name of writes) {
      this.#writeTable(name, 'delete')
      this.#writeTable(name, 'update')
    }
  }

  #requireKnown(isKnown: boolean): void {
    if (!isKnown) this.#isUnknown = true
  }
}

const NONE: Names = new Set()

function isQuery(node: OperationNode): boolean {
  return (
    SelectQueryNode.is(node) ||
    InsertQueryNode.is(node) ||
    UpdateQueryNode.is(node) ||
    DeleteQueryNode.is(node) ||
    MergeQueryNode.is(node) ||
    // `touching()` as a whole statement is within text that is empty.
    (RawNode.is(node) && node.parameters.length === 1 && node.parameters.every(isDeclared))
  )
}

/** Nodes that hold values, which may look like nodes, and references, whose tables are named elsewhere. */
function isLeaf(node: OperationNode): boolean {
  return ValueNode.is(node) || PrimitiveValueListNode.is(node) || ReferenceNode.is(node)
}

function partsOf(node: OperationNode): OperationNode[] {
  return Object.values(node)
    .flat()
    .filter((part) => isNode(part) && !WithNode.is(part))
}

function isNode(part: unknown): part is OperationNode {
  return typeof part === 'object' && part !== null && 'kind' in part
}

/** Where text stands for a table, it is the name of one. */
function sourcesOf(node: OperationNode): readonly OperationNode[] {
  if (FromNode.is(node)) return node.froms
  if (UsingNode.is(node)) return node.tables
  return JoinNode.is(node) ? [node.table] : []
}

function isText(source: OperationNode): boolean {
  const node = AliasNode.is(source) ? source.node : source
  if (!RawNode.is(node) || isDeclared(node)) return false
  const isWrapper = node.sqlFragments.every((text) => text.trim() === '')
  return !isWrapper || !node.parameters.every((part) => TableNode.is(part) || isDeclared(part))
}

function tablesOf(target: OperationNode): readonly OperationNode[] {
  if (ListNode.is(target)) return target.items.flatMap(tablesOf)
  return [AliasNode.is(target) ? target.node : target]
}

function nameOf({ table: { schema, identifier } }: TableNode): string {
  return schema ? `${schema.name}.${identifier.name}` : identifier.name
}

/** The columns that are set; where that is written in a way of its own, any may be. */
function namesSetBy(updates: readonly ColumnUpdateNode[]): Change {
  const names = updates.map(({ column }) => nameOfColumn(column))
  return names.every((name) => name !== undefined) ? names : 'update'
}

/** @returns undefined for what is not the name of a column */
export function nameOfColumn(node: OperationNode): string | undefined {
  const column = ReferenceNode.is(node) ? node.column : node
  return ColumnNode.is(column) ? column.column.name : undefined
}
