import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { toISOTime } from '../../src/lib/iso_time.ts'

const DAY_MS = 86_400_000
const MAX_MS = 8.64e15

suite('toISOTime', () => {
  test('writes what toISOString does', () => {
    const times = fc.array(fc.date({ noInvalidDate: true }), { maxLength: 5 })
    fc.assert(
      fc.property(times, (all) => {
        for (const time of all) assert.equal(toISOTime(time), time.toISOString())
      }),
    )
  })

  test('also for times of one day, before and after 1970, in years of any width', () => {
    const days = fc.integer({ min: -MAX_MS / DAY_MS, max: MAX_MS / DAY_MS - 1 })
    const inDay = fc.array(fc.integer({ min: 0, max: DAY_MS - 1 }), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(days, inDay, (day, all) => {
        for (const ms of all) {
          const time = new Date(day * DAY_MS + ms)
          assert.equal(toISOTime(time), time.toISOString())
        }
      }),
    )
  })

  test('refuses an invalid time, as toISOString does', () => {
    assert.throws(() => toISOTime(new Date(Number.NaN)), RangeError)
  })
})
