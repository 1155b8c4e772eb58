import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { oneByOne } from '../../src/lib/one_by_one.ts'

async function* batches(log: string[] = []): AsyncGenerator<number[], void, undefined> {
  try {
    yield [1, 2]
    yield []
    yield [3]
    log.push('done')
  } finally {
    log.push('ended')
  }
}

suite('oneByOne', () => {
  test('gives all, then no more', async () => {
    const log: string[] = []
    const numbers = oneByOne(batches(log))
    const found: number[] = []
    for await (const number of numbers) found.push(number)
    assert.deepEqual(found, [1, 2, 3])
    assert.deepEqual(await numbers.next(), { value: undefined, done: true })
    assert.deepEqual(log, ['done', 'ended'])
  })

  test('serves those who ask at the same time in turn', async () => {
    const numbers = oneByOne(batches())
    const found = await Promise.all(Array.from({ length: 5 }, () => numbers.next()))
    assert.deepEqual(
      found.map(({ value }) => value),
      [1, 2, 3, undefined, undefined],
    )
  })

  test('ends its batches when it is left early, by a break or by an error', async () => {
    const log: string[] = []
    for await (const number of oneByOne(batches(log))) if (number === 1) break
    assert.deepEqual(log, ['ended'])
    const numbers = oneByOne(batches(log))
    await numbers.next()
    await assert.rejects(numbers.throw(new Error('enough')), /enough/)
    assert.deepEqual(await numbers.next(), { value: undefined, done: true })
    assert.deepEqual(log, ['ended', 'ended'])
  })

  test('passes on the error of a batch, and is over then', async () => {
    const numbers = oneByOne(
      // oxlint-disable-next-line require-yield -- it fails before
      (async function* (): AsyncGenerator<number[], void, undefined> {
        throw new Error('lost')
      })(),
    )
    await assert.rejects(numbers.next(), /lost/)
    assert.deepEqual(await numbers.next(), { value: undefined, done: true })
  })
})
