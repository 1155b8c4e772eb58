import type { AddressInfo } from 'node:net'
import { answer } from './child.ts'

/** What a server process answers to `'cpu'`: microseconds of CPU, user and system, and the most memory, since it started. */
export type CpuReply = { cpuUs: number; peakMiB: number }

/** Tell the runner the port, then the CPU time whenever it asks; end when the runner ends. */
export function serve(address: AddressInfo | string | null): void {
  if (!address || typeof address === 'string') throw new Error('The server is not on a TCP port.')
  const { port } = address
  if (!process.send) {
    console.log(`http://127.0.0.1:${port}`)
    return
  }
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    const peakMiB = process.resourceUsage().maxRSS / 1_024
    answer({ cpuUs: user + system, peakMiB } satisfies CpuReply)
  })
  process.on('disconnect', () => process.exit())
  answer({ port })
}
