import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecentMap } from '../../src/lib/recent_map.ts'

test('a recent map keeps what is used, and never more than it may', () => {
  const map = new RecentMap<number, string>(10)
  for (let i = 0; i < 1000; i++) {
    map.set(i, `${i}`)
    assert.equal(map.get(0), '0')
    assert.equal(map.get(i), `${i}`)
    assert.ok(map.size <= 10)
  }
  assert.equal(map.get(500), undefined)
})
