import assert from 'node:assert/strict'
import { answer } from '../http/child.ts'
import { type EventRow, expected, perform, type RowName, type Work } from './rows.ts'
import { EVENTS } from './seed.ts'

export type DatabaseName = 'sqlite' | 'postgresql'

/** What the runner asks of a participant's process. */
export type Order =
  | { type: 'open'; database: DatabaseName; url: string }
  | { type: 'verify'; row: RowName }
  | { type: 'sample'; row: RowName; count: number }

/** What was measured, or what went wrong. */
export interface Sample {
  cpuUs: number
  wallUs: number
  /** How far the resident set rose above its start while rows were streamed. */
  growthBytes: number
}
export type Reply = Partial<Sample> & { failure?: string }

/** A participant, connected. */
export interface Opened {
  work: Work
  /** What must surround operations, such as a scope. */
  within?(run: () => Promise<void>): Promise<void>
  /** An answer as plain objects, where it is not. */
  toPlain?(found: unknown): unknown
}

const CHECKED = [0, 1, 2, 7, 40]
const RSS_EVERY = 10_000

/** Obey the runner; end when it ends. */
export function serve(open: (database: DatabaseName, url: string) => Promise<Opened>): void {
  let opened: Opened | undefined
  /** Operations done so far, so that no two insert or set the same. */
  let done = 0
  const obey = async (order: Order): Promise<Reply> => {
    if (order.type === 'open') {
      opened = await open(order.database, order.url)
      return {}
    }
    if (!opened) throw new Error('Nothing is open.')
    const { work, toPlain, within = (run) => run() } = opened
    let reply: Reply = {}
    await within(async () => {
      if (order.type === 'verify') return verify(work, order.row, toPlain)
      reply = await sample(work, order.row, order.count, done)
      done += order.count
    })
    return reply
  }
  process.on('message', async (order: Order) => {
    try {
      answer(await obey(order))
    } catch (error) {
      answer({ failure: error instanceof Error ? `${error.stack}` : String(error) } satisfies Reply)
    }
  })
  process.on('disconnect', () => process.exit())
}

async function sample(work: Work, row: RowName, count: number, first: number): Promise<Sample> {
  const watch = new RssWatch()
  const start = performance.now()
  const before = process.cpuUsage()
  if (row === 'stream') await work.stream((event) => watch.add(event))
  else for (let i = 0; i < count; i++) await perform(work, row, first + i)
  const { user, system } = process.cpuUsage(before)
  const wallUs = (performance.now() - start) * 1_000
  return { cpuUs: (user + system) / count, wallUs: wallUs / count, growthBytes: watch.growthBytes }
}

/** Counts rows, and looks at the memory in use every so many. */
class RssWatch {
  readonly #start = process.memoryUsage.rss()
  #peak = 0
  #count = 0
  #sum = 0

  add({ amount }: EventRow): void {
    this.#sum += amount
    if (++this.#count % RSS_EVERY === 0) this.#peak = Math.max(this.#peak, process.memoryUsage.rss())
  }

  get growthBytes(): number {
    return Math.max(0, this.#peak - this.#start)
  }

  verify(): void {
    assert.deepEqual({ count: this.#count, sum: this.#sum }, { count: EVENTS, sum: (EVENTS / 1_000) * 499_500 })
  }
}

async function verify(work: Work, row: RowName, toPlain = (found: unknown) => found): Promise<void> {
  if (row === 'stream') {
    const watch = new RssWatch()
    await work.stream((event) => watch.add(event))
    return watch.verify()
  }
  for (const n of CHECKED) {
    const found = toPlain(await perform(work, row, n))
    assert.deepEqual(comparable(found, row), expected(row, n), row)
  }
}

/** Without what may differ: the key that an insert was given, and foreign keys beside the object itself. */
function comparable(found: unknown, row: RowName): unknown {
  if (row === 'insert' && typeof found === 'object' && found !== null) {
    const { id, ...rest } = found as { id: unknown }
    assert.ok(Number.isInteger(id), 'an insert answers the key')
    return rest
  }
  return row === 'graph of 50' ? withoutForeignKeys(found) : found
}

function withoutForeignKeys(found: unknown): unknown {
  if (Array.isArray(found)) return found.map(withoutForeignKeys)
  if (typeof found !== 'object' || found === null || found instanceof Date) return found
  const kept = Object.entries(found).filter(([name]) => !name.endsWith('_id'))
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutForeignKeys(value)]))
}
