import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { temporaryDir } from '../../sql/fixtures.ts'
import { bearer } from './fixtures.ts'

test('a token that one process revokes is refused by the others at once, though they know it', async () => {
  using dir = temporaryDir()
  const file = join(dir.path, 'auth.db')
  const first = await startWorker(file)
  const second = await startWorker(file)
  try {
    for (let round = 0; round < 20; round++) {
      const signedIn = await fetch(`${first.url}/in`, {
        method: 'POST',
        body: '{}',
        headers: JSON_TYPE,
      })
      const { access } = (await signedIn.json()) as { access: string }
      const ask = async (url: string) => (await fetch(`${url}/me`, bearer(access))).status
      for (let i = 0; i < 3; i++) assert.equal(await ask(second.url), 200)
      const verb = round % 2 === 0 ? 'out' : 'revoke'
      await fetch(`${first.url}/${verb}`, { method: 'POST', ...bearer(access) })
      assert.equal(await ask(second.url), 401)
    }
  } finally {
    first.process.kill()
    second.process.kill()
  }
})

const JSON_TYPE = { 'content-type': 'application/json' }

async function startWorker(file: string) {
  const script = new URL('./worker.script.ts', import.meta.url).pathname
  const options = ['--conditions=@dewar/source', script, file]
  const worker = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [url] = (await once(createInterface(worker.stdout), 'line')) as [string]
  return { url, process: worker }
}
