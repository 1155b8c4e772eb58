import assert from 'node:assert/strict'
import { test } from 'node:test'
import { project } from './project.ts'

const FILES = {
  'app.ts': `
import { App, currentScope } from 'dewar'
export const app = new App('shop', { logger: false })
app.get('/', { name: 'index' }, () => ({ hello: 'world' }))
export const kind = () => currentScope().kind
const odd = 1
export { odd as 'not a name', odd as class }
`,
  'extensions.ts': 'export const db = { one: async () => 1 }\n',
  'word.ts': "export const word = 'here'\n",
  'models.ts': 'export class Task {}\n',
}

test('code runs in a scope of the app, with its exports, those beside it, and a client', async () => {
  await using dir = project(FILES)
  const code = `
    const answer = await client.get('/')
    import { word } from './word.ts'
    const sep: string = (await import('node:path')).sep
    console.log(answer.json(), await db.one(), Task.name, kind(), urlFor('index'), app.name, sep, word)
    const rows = [1]; if (!(rows instanceof Array)) throw new Error('of another realm')`
  const ran = dir.start(['shell', '-c', code]).ended()
  const piped = dir.start(['shell']).ended(code)
  const expected = { code: 0, out: "{ hello: 'world' } 1 Task command / shop / here\n", err: '' }
  assert.deepEqual(await ran, expected)
  assert.deepEqual(await piped, expected)
})

test('code that fails is exit code 1', async () => {
  await using dir = project(FILES)
  const thrown = await dir.start(['shell', '-c', 'await db.two()']).ended()
  assert.equal(thrown.code, 1)
  assert.match(thrown.err, /^TypeError: db\.two is not a function/)
  assert.equal((await dir.start(['shell']).ended('const =')).code, 1)
})
