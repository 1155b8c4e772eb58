import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { project } from './project.ts'

const OLD = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.1.0'})"
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

test('an old Node is told which one is needed, and in the repository how to come by it', async () => {
  await using dir = project({ 'bin/dewar.js': readFileSync(join(ROOT, 'bin/dewar.js'), 'utf8') })
  const here = await dir.start(['--version'], { node: ['--import', OLD] }).ended()
  assert.equal(here.code, 1)
  assert.match(
    here.err,
    /^dewar needs Node 24 or later; this is Node 18\.1\.0\. Run "npm ci", .*\n$/,
  )
  const installed = spawnSync(process.execPath, ['--import', OLD, join(dir.dir, 'bin/dewar.js')])
  assert.equal(installed.status, 1)
  assert.match(String(installed.stderr), /this is Node 18\.1\.0\. Get it from .*\n$/)
})

test('without packages, the checks and the command line say how to come by them', async () => {
  await using dir = project({
    'bin/dewar.js': readFileSync(join(ROOT, 'bin/dewar.js'), 'utf8'),
    'tools/node/package.json': '{}',
    'scripts/ready.js': readFileSync(join(ROOT, 'scripts/ready.js'), 'utf8'),
  })
  for (const [file, node] of [
    ['scripts/ready.js', ['--import', OLD]],
    ['scripts/ready.js', []],
    ['bin/dewar.js', []],
  ] as const) {
    const ran = spawnSync(process.execPath, [...node, file], { cwd: dir.dir })
    assert.equal(ran.status, 1)
    assert.match(String(ran.stderr), /Run "npm ci" first/)
  }
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
