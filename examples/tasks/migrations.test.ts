import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCommand } from 'dewar/cli'
import { testClient } from 'dewar/testing'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'

test('migrations keep all tasks, there and back', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tasks-'))
  const config = {
    ...readConfig({ profile: 'testing', env: {} }),
    loginDisabled: true,
    databaseUrl: `sqlite:///${join(dir, 'tasks.db')}`,
  }
  const print = () => {}
  const titles = async () => {
    await using client = testClient(createApp(config, { logger: false }))
    const { data } = (await client.get('/api/tasks/')).json()
    return data.map(
      ({ title, due_date }: Record<string, unknown>) => `${String(title)} ${String(due_date)}`,
    )
  }
  try {
    const before = await titles()
    assert.equal(before.length, 3)
    await using app = createApp(config, { logger: false })
    assert.equal(await runCommand(app, ['db', 'downgrade', 'e1d11b62'], print), 0)
    // The next start upgrades again.
    assert.deepEqual(await titles(), before)

    assert.equal(await runCommand(app, ['db', 'downgrade', '-1'], print), 0)
    await using old = createApp({ ...config, upgradeOnStart: false }, { logger: false })
    await assert.rejects(old.ready(), /The database has .*, and the app needs .*dewar db upgrade/)
  } finally {
    rmSync(dir, { recursive: true })
  }
})
