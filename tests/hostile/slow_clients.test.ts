import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureSlowClients } from './slow_clients.ts'

/** The long form, with a thousand of each, is `tests/prove/slow_clients.ts`. */
test('clients that send or read one byte a second are not felt by others', async () => {
  const felt = await measureSlowClients({
    writers: 200,
    readers: 200,
    durationMs: 800,
    warmUpMs: 200,
  })
  assert.ok(felt.requests > 50, `${felt.requests} requests`)
  // Where tests share two cores; the long form has the machine to itself, and 100 ms.
  assert.ok(felt.p99Ms < 250, `${felt.p99Ms} ms`)
  assert.ok(felt.peakMiB < 200, `${felt.peakMiB} MiB at the most`)
  assert.ok(felt.leftMiB < 64, `${felt.leftMiB} MiB afterwards`)
  assert.deepEqual(felt.lines, [])
})
