import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureSlowClients } from './slow_clients.ts'

/** The long form, with a thousand of each, is `tests/prove/slow_clients.ts`. */
test('clients that send or read one byte a second are not felt by others', async () => {
  const felt = await measureSlowClients({
    writers: 200,
    readers: 200,
    durationMs: 1500,
    warmUpMs: 200,
  })
  assert.ok(felt.requests > 20, `${felt.requests} requests`)
  // Tests share two cores, so the middle is looked at; the long form asks for a p99 under 100 ms.
  assert.ok(felt.p50Ms < 100, `${felt.p50Ms} ms`)
  assert.ok(felt.peakMiB < 200, `${felt.peakMiB} MiB at the most`)
  assert.ok(felt.leftMiB < 64, `${felt.leftMiB} MiB afterwards`)
  assert.deepEqual(felt.lines, [])
})
