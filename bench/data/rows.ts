import { addressOf, cookieOf, ITEMS, itemOf, linesOf, orderOf, STATUSES, type Task, taskOf, TASKS } from './seed.ts'

/** What is measured, in the order of the report. */
export const ROWS = [
  'get by key',
  'builder by key',
  'list of 20',
  'insert',
  'update',
  'graph of 50',
  'page of 200',
  'stream',
] as const
export type RowName = (typeof ROWS)[number]

/** What each row is, for the report. */
export const ABOUT: Readonly<Record<RowName, string>> = {
  'get by key': 'one of 10,000 rows, by its key',
  'builder by key': 'the same through what builds any query',
  'list of 20': '20 of 10,000, filtered and ordered, along an index',
  insert: 'begin, insert, commit; the row with its key',
  update: 'begin, update by key, commit; the row as it is then',
  'graph of 50': '50 orders with their address, their lines, and the cookie of each line',
  'page of 200': 'count of 100,000 rows, and the 200th page of 20',
  stream: '1,000,000 rows one by one',
}

/** Each row by its operation: the argument of the n-th, and what must come of it. */
export interface Work {
  'get by key': (id: number) => unknown
  'builder by key': (id: number) => unknown
  'list of 20': (status: string) => unknown
  insert: (note: NoteIn) => unknown
  update: (id: number, title: string) => unknown
  'graph of 50': (afterId: number) => unknown
  'page of 200': (page: number) => unknown
  stream: (add: (event: EventRow) => void) => unknown
}

export interface NoteIn {
  title: string
  body: string
  created_at: Date
}

export interface EventRow {
  id: number
  kind: string
  amount: number
}

export const PER_PAGE = 20
export const GRAPH_SIZE = 50
/** Updates keep to the first tasks, reads to the others. */
const UPDATED = 1_000
const PAGE = 200
const LAST_GRAPH = 1_900

/** Reading keys in an order that no cache of pages foresees. */
function readKey(n: number): number {
  return UPDATED + 1 + ((n * 7_919) % (TASKS - UPDATED))
}

function updateKey(n: number): number {
  return 1 + ((n * 389) % UPDATED)
}

function titleOf(n: number): string {
  return `Task ${updateKey(n)}, for the ${n}th time`
}

function statusOf(n: number): string {
  return STATUSES[n % STATUSES.length] ?? ''
}

function noteOf(n: number): NoteIn {
  return { title: `Note ${n}`, body: `What was said the ${n}th time`, created_at: new Date(1_790_000_000_000 + n * 1_000) }
}

function afterOf(n: number): number {
  return (n * GRAPH_SIZE) % LAST_GRAPH
}

/** Do the n-th operation of a row. */
export function perform(work: Work, row: Exclude<RowName, 'stream'>, n: number): unknown {
  switch (row) {
    case 'get by key':
      return work['get by key'](readKey(n))
    case 'builder by key':
      return work['builder by key'](readKey(n))
    case 'list of 20':
      return work['list of 20'](statusOf(n))
    case 'insert':
      return work.insert(noteOf(n))
    case 'update':
      return work.update(updateKey(n), titleOf(n))
    case 'graph of 50':
      return work['graph of 50'](afterOf(n))
    case 'page of 200':
      return work['page of 200'](PAGE)
  }
}

/** What the n-th operation must answer. */
export function expected(row: Exclude<RowName, 'stream'>, n: number): unknown {
  switch (row) {
    case 'get by key':
    case 'builder by key':
      return taskOf(readKey(n))
    case 'list of 20':
      return latest(statusOf(n))
    case 'insert':
      return noteOf(n)
    case 'update':
      return { ...taskOf(updateKey(n)), title: titleOf(n) }
    case 'graph of 50':
      return Array.from({ length: GRAPH_SIZE }, (_, i) => graphOf(afterOf(n) + 1 + i))
    case 'page of 200':
      return { total: ITEMS, items: Array.from({ length: PER_PAGE }, (_, i) => itemOf((PAGE - 1) * PER_PAGE + 1 + i)) }
  }
}

function latest(status: string): Task[] {
  const found: Task[] = []
  for (let id = TASKS; found.length < PER_PAGE; id--) {
    const task = taskOf(id)
    if (task.status === status) found.push(task)
  }
  return found
}

function graphOf(id: number): object {
  const { address_id, status, created_at } = orderOf(id)
  return {
    id,
    status,
    created_at,
    address: addressOf(address_id),
    lines: linesOf(id).map(({ id: line, quantity, cookie_id }) => ({ id: line, quantity, cookie: cookieOf(cookie_id) })),
  }
}
