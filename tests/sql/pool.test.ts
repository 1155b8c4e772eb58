import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { DatabaseBusy, DatabaseUnavailable } from '../../src/sql/errors.ts'
import { Pool } from '../../src/sql/pool.ts'

interface Wire {
  isAlive: boolean
  isLent: boolean
  isClosed: boolean
}

function newPool(options: {
  max?: number
  waitMs?: number
  idleMs?: number
  fails?: () => boolean
}) {
  const wires: Wire[] = []
  const pool = new Pool<Wire>({
    open: async () => {
      await sleep(0)
      if (options.fails?.()) throw new DatabaseUnavailable('down')
      const wire = { isAlive: true, isLent: false, isClosed: false }
      wires.push(wire)
      return wire
    },
    close: async (wire) => {
      assert.ok(!wire.isClosed)
      wire.isClosed = true
      wire.isAlive = false
    },
    isUsable: (wire) => wire.isAlive,
    max: options.max ?? 3,
    idleMs: options.idleMs ?? 10_000,
    waitMs: options.waitMs ?? 10_000,
  })
  return { pool, wires, openCount: () => wires.filter((wire) => !wire.isClosed).length }
}

suite('a pool of connections', () => {
  test('lends each to one at a time, never more than there may be, none that is lost', async () => {
    const step = fc.record({ holdMs: fc.nat(2), kills: fc.boolean(), fails: fc.boolean() })
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(step, { maxLength: 30 }),
      async (max, steps) => {
        const failing = steps.map(({ fails }) => fails)
        const { pool, openCount } = newPool({ max, fails: () => failing.pop() ?? false })
        const work = steps.map(async ({ holdMs, kills }) => {
          const wire = await pool.acquire()
          assert.ok(wire.isAlive && !wire.isLent)
          assert.ok(openCount() <= max && pool.size <= max)
          wire.isLent = true
          await sleep(holdMs)
          wire.isLent = false
          if (kills) wire.isAlive = false
          pool.release(wire)
        })
        const results = await Promise.allSettled(work)
        for (const result of results) {
          if (result.status === 'rejected') assert.ok(result.reason instanceof DatabaseUnavailable)
        }
        await pool.close()
        assert.equal(openCount(), 0)
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  test('serves in the order of asking, skips who has gone, and refuses at the deadline', async () => {
    const { pool } = newPool({ max: 1, waitMs: 100 })
    const first = await pool.acquire()
    const served: number[] = []
    const waiting = [1, 2, 3].map(async (n) => {
      const wire = await pool.acquire(() => n === 2)
      served.push(n)
      pool.release(wire)
    })
    pool.release(first)
    const [, gone] = await Promise.allSettled(waiting)
    assert.deepEqual(served, [1, 3])
    assert.equal(gone?.status, 'rejected')
    await pool.acquire()
    await assert.rejects(
      async () => pool.acquire(),
      (error) => {
        return error instanceof DatabaseBusy && /all 1 connections/.test(error.message)
      },
    )
    await pool.close()
  })

  test('closes what nobody uses, and all in the end', async () => {
    const { pool, wires, openCount } = newPool({ idleMs: 20, waitMs: 50 })
    const borrowed = await Promise.all([pool.acquire(), pool.acquire()])
    for (const wire of borrowed) pool.release(wire)
    while (openCount() > 0) await sleep(5)
    const lent = await pool.acquire()
    const closing = pool.close()
    await assert.rejects(async () => pool.acquire(), DatabaseUnavailable)
    pool.release(lent)
    await closing
    assert.ok(wires.every((wire) => wire.isClosed))
  })
})
