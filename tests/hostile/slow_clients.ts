import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get as httpGet } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { startProcess } from '../run/server/served.ts'

export interface Load {
  /** Clients that send one byte a second: half of them headers, half a body. */
  readonly writers: number
  /** Clients that read one byte a second of an answer of 64 MB. */
  readonly readers: number
  readonly durationMs: number
  /** Before memory is first looked at. */
  readonly warmUpMs: number
}

/** What an honest client, and the server, felt of them. */
export interface Felt {
  readonly requests: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Beside what the server held before they came. */
  readonly peakMiB: number
  readonly leftMiB: number
  /** Lines that the server logged as errors. */
  readonly lines: readonly string[]
}

const HEADS = [
  'GET /echo/a HTTP/1.1\r\nHost: x\r\nX: ',
  'POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"title":"',
]
const STREAM = 'GET /stream?pieces=1000 HTTP/1.1\r\nHost: x\r\n\r\n'

/** Load a server in its own process with slow clients, and measure an honest one. */
export async function measureSlowClients(load: Load): Promise<Felt> {
  await using served = await startProcess(new URL('./slow_server.ts', import.meta.url))
  const { port } = served
  const { writers, readers, durationMs, warmUpMs } = load
  // One that is there already: Node accepts one connection a turn, and a burst of them is a queue.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  await measureHonest(port, agent, warmUpMs)
  const beforeMiB = await rssOf(served.child)
  const slow = [
    ...Array.from({ length: writers }, (_, i) => slowWriter(port, HEADS[i % 2]!)),
    ...Array.from({ length: readers }, () => slowReader(port)),
  ]
  const latenciesMs = await measureHonest(port, agent, durationMs)
  const peakMiB = (await rssOf(served.child)) - beforeMiB
  for (const client of slow) client.stop()
  await wait(200)
  const leftMiB = (await rssOf(served.child)) - beforeMiB
  agent.destroy()
  const at = (part: number): number => latenciesMs[Math.floor(latenciesMs.length * part)]!
  return {
    requests: latenciesMs.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: latenciesMs.at(-1)!,
    peakMiB,
    leftMiB,
    lines: served.lines,
  }
}

interface SlowClient {
  stop(): void
}

function slowWriter(port: number, head: string): SlowClient {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(head)
  socket.resume()
  const timer = setInterval(() => socket.write('a'), 1000)
  return slowClient(socket, timer)
}

function slowReader(port: number): SlowClient {
  // The only way to take a single byte from the kernel.
  const onread = { buffer: Buffer.alloc(1), callback: () => false }
  const socket = connect({ port, host: '127.0.0.1', onread })
  socket.on('error', () => {})
  socket.write(STREAM)
  const timer = setInterval(() => socket.resume(), 1000)
  return slowClient(socket, timer)
}

function slowClient(socket: Socket, timer: NodeJS.Timeout): SlowClient {
  return {
    stop() {
      clearInterval(timer)
      socket.destroy()
    },
  }
}

/** @returns how long each of its requests took, in order of length */
async function measureHonest(port: number, agent: Agent, durationMs: number): Promise<number[]> {
  const latenciesMs: number[] = []
  const end = performance.now() + durationMs
  while (performance.now() < end) {
    const start = performance.now()
    const status = await ask(port, agent)
    if (status !== 200) throw new Error(`The honest client was answered ${status}.`)
    latenciesMs.push(performance.now() - start)
    await wait(2)
  }
  return latenciesMs.toSorted((a, b) => a - b)
}

function ask(port: number, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpGet(
      { port, host: '127.0.0.1', path: '/echo/honest', agent },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode))
      },
    )
    request.once('error', reject)
  })
}

async function rssOf(child: ChildProcess): Promise<number> {
  child.send('rss')
  const [bytes] = (await once(child, 'message')) as [number]
  return bytes / 1_048_576
}
