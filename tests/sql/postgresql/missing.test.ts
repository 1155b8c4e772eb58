import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'

const SCRIPT = `
import { registerHooks } from 'node:module'
registerHooks({
  resolve(name, context, next) {
    if (name !== 'pg') return next(name, context)
    throw Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' })
  },
})
const { App } = await import('dewar')
const { database } = await import('dewar/db')
const app = new App('x', { logger: false }).install(database([]), { url: 'postgresql://localhost/x' })
console.log(await app.ready().catch((error) => error.message))
`

test('without the package, the error says which to install', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@dewar/source',
    '--input-type=module',
    '--eval',
    SCRIPT,
  ])
  assert.match(stdout, /npm install pg/)
})
