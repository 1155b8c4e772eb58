import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { killRounds } from '../ext/db/kill_rounds.ts'
import { temporaryDir } from '../sql/fixtures.ts'

test('a server killed at 20 random moments has lost nothing that it acknowledged', async () => {
  using dir = temporaryDir()
  const count = await killRounds(join(dir.path, 'bank.db'), 20)
  assert.ok(count > 20)
})
