/** A thousand clients that send, and a thousand that read, one byte a second, until the server has cut them off. */
import assert from 'node:assert/strict'
import { measureSlowClients } from '../hostile/slow_clients.ts'

const felt = await measureSlowClients({
  writers: 1000,
  readers: 1000,
  durationMs: 90_000,
  warmUpMs: 5000,
})
console.log('1,000 slow writers and 1,000 slow readers:', felt)
assert.ok(felt.p99Ms < 100, 'p99 of an honest client')
assert.ok(felt.leftMiB < 64, 'memory afterwards')
assert.deepEqual(felt.lines, [])
