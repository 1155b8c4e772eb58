/**
 * Prove that a login tells nothing by its time, and holds nobody else up: `npm run prove`.
 *
 * 200 logins of a name that nobody has and 200 with a wrong password take the same, to 5 %. While 200 at once
 * are answered, `/health` is answered within 50 ms 99 times in 100.
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { ANN, createAccountsApp } from '../ext/auth/accounts_app.ts'

const LOGINS = 200

const app = createAccountsApp({ hashing: {}, throttle: { maxFailures: 100_000 } })
app.get('/health', () => ({ status: 'ok' }))
const address = await app.listen({ port: 0 })
const post = (path: string, json: object) =>
  fetch(`${address}${path}`, {
    method: 'POST',
    body: JSON.stringify(json),
    headers: { 'content-type': 'application/json' },
  })
await post('/auth/register', ANN)

const tookMs: Record<string, number[]> = { ann: [], nobody: [] }
for (let i = 0; i < LOGINS; i++) {
  // Each first in turn, so that what the machine does besides is shared out.
  for (const username of i % 2 === 0 ? ['ann', 'nobody'] : ['nobody', 'ann']) {
    const start = performance.now()
    const { status } = await post('/auth/login', { username, password: 'wrong' })
    tookMs[username]?.push(performance.now() - start)
    assert.equal(status, 401)
  }
}
const [wrongMs, unknownMs] = [middle(tookMs['ann']), middle(tookMs['nobody'])]
const apart = Math.abs(wrongMs / unknownMs - 1)
console.log(
  `wrong password ${wrongMs.toFixed(1)} ms, unknown user ${unknownMs.toFixed(1)} ms: ${(apart * 100).toFixed(1)} % apart`,
)

const crowd = Promise.all(
  Array.from({ length: LOGINS }, () => post('/auth/login', { username: 'ann', password: 'wrong' })),
)
const progress = { isOver: false }
void crowd.finally(() => (progress.isOver = true))
const healthMs: number[] = []
while (!progress.isOver) {
  const start = performance.now()
  await (await fetch(`${address}/health`)).json()
  healthMs.push(performance.now() - start)
  await sleep(5)
}
const statuses = (await crowd).map(({ status }) => status)
const p99 = healthMs.toSorted((a, b) => a - b)[Math.floor(healthMs.length * 0.99)] ?? 0
console.log(`${LOGINS} logins at once: /health p99 ${p99.toFixed(1)} ms of ${healthMs.length}`)
await app.close()

assert.ok(apart < 0.05, 'a login tells by its time whether there is such a user')
assert.ok(p99 < 50, '/health waited for logins')
assert.ok(statuses.every((status) => status === 401 || status === 503))

function middle(values: readonly number[] = []): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
