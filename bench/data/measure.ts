import { Child } from '../http/child.ts'
import { type RowName, ROWS } from './rows.ts'
import type { DatabaseName, Order, Reply, Sample } from './serve.ts'

/** What is measured, and how often. */
export interface Plan {
  database: DatabaseName
  rounds: number
  /** CPU time of one sample, about. */
  sampleMs: number
  rows: readonly RowName[]
  /** Participants by name: the URL or path of the database that each has. */
  participants: Readonly<Record<string, string>>
}

/** Samples by row, then participant, one a round. */
export type Samples = Partial<Record<RowName, Record<string, Sample[]>>>

const CORE = 1
const WARM_UP_MS = 600
const MAX_COUNT = 200_000

/** One participant in its process. */
class Participant {
  readonly name: string
  readonly #child: Child
  readonly #counts = new Map<RowName, number>()

  constructor(name: string) {
    this.name = name
    this.#child = new Child(new URL(`participants/${name}.ts`, import.meta.url).pathname, CORE)
  }

  /** @throws {Error} when it fails, with its stack */
  async ask(order: Order): Promise<Reply> {
    const reply = await this.#child.ask<Reply>(order)
    if (reply.failure !== undefined) throw new Error(`${this.name}: ${reply.failure}`)
    return reply
  }

  /** Let V8 compile what is hot, and find how many operations a sample takes. */
  async warmUp(row: RowName, sampleMs: number): Promise<void> {
    let count = 1
    let spentMs = 0
    while (row !== 'stream' && spentMs < WARM_UP_MS) {
      const { cpuUs } = await this.#sample(row, count)
      spentMs += (cpuUs * count) / 1_000
      count = Math.min(MAX_COUNT, Math.max(2, Math.ceil((sampleMs * 1_000) / cpuUs)), count * 10)
    }
    this.#counts.set(row, count)
  }

  sample(row: RowName): Promise<Sample> {
    return this.#sample(row, this.#counts.get(row) ?? 1)
  }

  async #sample(row: RowName, count: number): Promise<Sample> {
    const { cpuUs = 0, wallUs = 0, growthBytes = 0 } = await this.ask({ type: 'sample', row, count })
    return { cpuUs, wallUs, growthBytes }
  }

  stop(): void {
    this.#child.stop()
  }
}

/**
 * Start all participants, compare what they answer, then sample each row on each of them, round by round.
 *
 * @throws {Error} when one answers otherwise than it must
 */
export async function measure(plan: Plan): Promise<Samples> {
  const participants: Participant[] = []
  try {
    for (const [name, url] of Object.entries(plan.participants)) {
      const participant = new Participant(name)
      participants.push(participant)
      await participant.ask({ type: 'open', database: plan.database, url })
      for (const row of ROWS.filter((each) => plan.rows.includes(each))) await participant.ask({ type: 'verify', row })
    }
    return await sampleAll(plan, participants)
  } finally {
    for (const participant of participants) participant.stop()
  }
}

async function sampleAll({ database, rounds, sampleMs, rows }: Plan, participants: Participant[]): Promise<Samples> {
  const samples: Samples = {}
  for (const row of rows) for (const participant of participants) await participant.warmUp(row, sampleMs)
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`${database}: round ${round + 1} of ${rounds}\n`)
    for (const row of rows) {
      for (const i of participants.keys()) {
        const participant = participants[(i + round) % participants.length]
        if (!participant) continue
        const sample = await participant.sample(row)
        ;((samples[row] ??= {})[participant.name] ??= []).push(sample)
      }
    }
  }
  return samples
}
