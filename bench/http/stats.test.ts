import assert from 'node:assert/strict'
import { test } from 'node:test'
import { estimate, median } from './stats.ts'

test('the median is the middle one, or the mean of the middle two', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(median([4, 1, 3, 2]), 2.5)
  assert.ok(Number.isNaN(median([])))
})

test('an interval holds the median, narrows with agreement and repeats itself', () => {
  const wide = estimate([0.8, 0.9, 1, 1.1, 1.2, 0.85, 1.15])
  assert.ok(wide.low <= wide.ratio && wide.ratio <= wide.high)
  assert.ok(wide.low < 1 && wide.high > 1)
  assert.deepEqual(estimate([0.8, 0.9, 1, 1.1, 1.2, 0.85, 1.15]), wide)
  assert.deepEqual(estimate([0.5, 0.5, 0.5]), { ratio: 0.5, low: 0.5, high: 0.5 })
})

test('one wild round does not move the estimate', () => {
  const calm = Array.from({ length: 15 }, (_, i) => 1 + (i % 5) / 100)
  const { ratio, high } = estimate([...calm.slice(1), 9])
  assert.ok(ratio < 1.04 && high < 1.05)
})
