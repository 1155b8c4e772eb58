import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toReadable } from '../../src/http/stream.ts'

async function turnsDuring(pieces: Iterable<Uint8Array>): Promise<number> {
  let turns = 0
  let isOver = false
  function count(): void {
    turns++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  for await (const piece of toReadable(pieces)) assert.ok(piece)
  isOver = true
  return turns
}

test('a large stream lets others have their turn, whatever the size of its pieces', async () => {
  const turns = await turnsDuring(Array.from({ length: 100 }, () => Buffer.alloc(65_536)))
  assert.ok(turns >= 90, `${turns} turns in 6.4 MB`)
  const small = await turnsDuring(Array.from({ length: 5000 }, () => Buffer.alloc(1024)))
  assert.ok(small >= 70 && small < 400, `${small} turns in 5 MB`)
})

test('a short one does not wait for any', async () => {
  const turns = await turnsDuring([Buffer.alloc(100), Buffer.alloc(100)])
  assert.ok(turns <= 3, `${turns} turns`)
})
