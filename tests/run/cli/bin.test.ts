import assert from 'node:assert/strict'
import { test } from 'node:test'
import { project } from './project.ts'

test('an old Node is told which one is needed', async () => {
  await using dir = project()
  const old = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.1.0'})"
  const { code, err } = await dir.start(['--version'], { node: ['--import', old] }).ended()
  assert.equal(code, 1)
  assert.match(err, /^dewar needs Node 24 or later; this is Node 18\.1\.0\. Get it from .*\n$/)
})

test('a command ends although the app left a timer behind, with all that it printed', async () => {
  await using dir = project({
    'app.ts': `import { App } from 'dewar'
      setInterval(() => {}, 1000)
      export const app = new App('x', { logger: false }).command({ name: 'much', summary: 'Print',
        run: ({ print }) => { for (let i = 0; i < 20_000; i++) print('line ' + i) } })`,
  })
  const { code, out } = await dir.start(['much']).ended()
  assert.equal(code, 0)
  assert.match(out, /\nline 19999\n$/)
})

test('the version, a wrong command and the watching process start without the framework', async () => {
  await using dir = project()
  const spy = `import { registerHooks } from 'node:module'
    registerHooks({ load(url, context, next) {
      if (/node_modules.(fastify|pino|zod|kysely)/.test(url)) console.error(url)
      return next(url, context)
    } })`
  const node = ['--import', `data:text/javascript,${encodeURIComponent(spy)}`]
  assert.equal((await dir.start(['--version'], { node }).ended()).err, '')
  assert.match((await dir.start(['run'], { node }).ended()).err, /^There is no app in .*\n.*\n$/)
})
