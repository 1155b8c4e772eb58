import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultInFlight, HashQueue } from '../../../src/token/passwords/hash_queue.ts'

/** A job that ends when it is told to. */
function job() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const state = {
    hasBegun: false,
    end: () => resolve('done'),
    fail: () => reject(new Error('failed')),
  }
  return Object.assign(state, {
    run: () => {
      state.hasBegun = true
      return promise
    },
  })
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('jobs run in the order of asking, and a failed one gives its place on', async () => {
  const queue = new HashQueue(1, 10)
  const jobs = [job(), job(), job()]
  const answers = jobs.map((each) => queue.run(each.run))
  const begun = () => jobs.map((each) => each.hasBegun)
  assert.deepEqual([begun(), queue.queued], [[true, false, false], 2])
  jobs[0]!.fail()
  await assert.rejects(answers[0]!, /failed/)
  await settled()
  assert.deepEqual([begun(), queue.queued], [[true, true, false], 1])
  // A place that was handed on cannot be taken by one who comes now.
  jobs[1]!.end()
  const late = job()
  const lateAnswer = answers[1]!.then(() => queue.run(late.run))
  await settled()
  assert.deepEqual([jobs[2]!.hasBegun, late.hasBegun], [true, false])
  jobs[2]!.end()
  late.end()
  assert.equal(await lateAnswer, 'done')
  assert.deepEqual([queue.inFlight, queue.queued], [0, 0])
})

test('who is gone leaves the queue', async () => {
  const queue = new HashQueue(1, 1)
  const first = job()
  const answer = queue.run(first.run)
  const gone = new AbortController()
  const waiting = job()
  const left = queue.run(waiting.run, gone.signal)
  await assert.rejects(queue.run(job().run), { code: 'password_hashing_busy' })
  gone.abort(new Error('gone'))
  await assert.rejects(left, /gone/)
  await assert.rejects(queue.run(waiting.run, gone.signal), /gone/)
  const next = job()
  const nextAnswer = queue.run(next.run)
  first.end()
  next.end()
  await Promise.all([answer, nextAnswer])
  assert.equal(waiting.hasBegun, false)
})

test('a signal that lasts longer than a job keeps nothing of it', async () => {
  const queue = new HashQueue(1, 10)
  const { signal } = new AbortController()
  const jobs = [job(), job(), job()]
  const answers = jobs.map((each) => queue.run(each.run, signal))
  assert.equal(getEventListeners(signal, 'abort').length, 2)
  for (const each of jobs) each.end()
  await Promise.all(answers)
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('never more at once than allowed, whatever comes and goes', async () => {
  const steps = fc.array(fc.constantFrom('ask', 'end', 'abort'), { maxLength: 60 })
  const property = fc.asyncProperty(fc.integer({ min: 1, max: 4 }), steps, async (most, todo) => {
    const queue = new HashQueue(most, 5)
    const running: ReturnType<typeof job>[] = []
    const signals: AbortController[] = []
    for (const step of todo) {
      if (step === 'ask') {
        const asked = job()
        const signal = new AbortController()
        signals.push(signal)
        const run = () => {
          running.push(asked)
          return asked.run()
        }
        queue.run(run, signal.signal).catch(() => {})
      } else if (step === 'end') running.shift()?.end()
      else signals.pop()?.abort()
      await settled()
      assert.ok(running.length <= most && queue.inFlight === running.length && queue.queued <= 5)
    }
    while (running.length > 0) {
      running.shift()?.end()
      await settled()
    }
    assert.deepEqual([queue.inFlight, queue.queued], [0, 0])
  })
  await fc.assert(property)
})

test('a thread of the pool stays free', () => {
  assert.deepEqual(
    [defaultInFlight(4, 2), defaultInFlight(4, 16), defaultInFlight(1, 8), defaultInFlight(32, 8)],
    [2, 3, 1, 8],
  )
})
