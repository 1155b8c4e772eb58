import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { startScript } from './fixtures.ts'

/**
 * Kill the bank in mid-work again and again: what it acknowledged is there once, and no transaction is there by half.
 *
 * @returns how many writes were acknowledged
 */
export async function killRounds(file: string, rounds: number): Promise<number> {
  const acknowledged = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    const {
      child,
      line: address,
      gone,
    } = await startScript(new URL('./bank.script.ts', import.meta.url), `sqlite:///${file}`)
    const clients = Array.from({ length: 4 }, (_, i) =>
      post(address, `${round}-${i}`, acknowledged),
    )
    const before = acknowledged.size
    while (acknowledged.size === before && child.exitCode === null) await sleep(5)
    await sleep(Math.random() * 150)
    child.kill('SIGKILL')
    await Promise.all([...clients, gone])
    check(file, acknowledged)
  }
  return acknowledged.size
}

/** Write until the server is gone; remember what it said it has written. */
async function post(address: string, name: string, acknowledged: Set<string>): Promise<void> {
  for (let i = 0; ; i++) {
    const token = `${name}-${i}`
    try {
      const response = await fetch(`${address}/entries`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      })
      if (response.status === 200) acknowledged.add(token)
      await response.arrayBuffer()
    } catch {
      return
    }
  }
}

function check(file: string, acknowledged: ReadonlySet<string>): void {
  const database = new DatabaseSync(file)
  const rows = database.prepare('select token from entries').all()
  const tokens = rows.map(({ token }) => String(token))
  const written = new Set(tokens)
  assert.equal(written.size, tokens.length, 'nothing is there twice')
  for (const token of acknowledged) assert.ok(written.has(token), `${token} is there`)
  const { balance } = database.prepare('select balance from accounts').get() ?? {}
  assert.equal(balance, tokens.length, 'no half transaction')
  assert.deepEqual(database.prepare('pragma integrity_check').get()?.['integrity_check'], 'ok')
  database.close()
}
