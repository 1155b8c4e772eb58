import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePort } from '../../services/free_port.ts'
import { project } from './project.ts'

const APP = `
import { App } from 'dewar'
import { word } from './word.ts'
export const app = new App('shop')
app.announcements.push(['database', 'sqlite:///x.db'])
app.get('/', { name: 'index' }, () => ({ word }))
app.get('/boom', () => { throw new TypeError('no luck') })
app.get('/slow', () => new Promise((resolve) => setTimeout(resolve, 600, { done: true })))
app.onClose(() => console.log('closed'))
`
const FILES = { 'app.ts': APP, 'word.ts': "export const word = 'one'\n" }
const QUIET = { timeout: 60_000 }

async function get(port: number, path: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return response.json()
}

test(
  'run serves anew after every change, outlives a syntax error, and stops on Ctrl+C',
  QUIET,
  async () => {
    await using dir = project(FILES)
    const port = await freePort()
    const { child, printed, ended } = dir.start(['run', '--port', String(port)])
    await printed('Press Ctrl+C to stop')
    assert.deepEqual(await get(port, '/'), { word: 'one' })

    dir.write('word.ts', "export const word = = 'two'\n")
    await printed('word.ts:1\n')
    await printed('Waiting for file changes')
    dir.write('word.ts', "export const word = 'two'\n")
    await printed('Press Ctrl+C to stop', 2)
    assert.deepEqual(await get(port, '/'), { word: 'two' })

    child.kill('SIGINT')
    const { code, out } = await ended()
    assert.equal(code, 0)
    assert.match(out, /closed\n[^]*closed\n/)
    await assert.rejects(get(port, '/'), 'nothing is left behind on the port')
  },
)

test(
  'run says what it serves, shows errors, and lets requests in flight finish',
  QUIET,
  async () => {
    await using dir = project(FILES)
    const { child, printed, ended } = dir.start(['run', '--no-reload'], { env: { PORT: '0' } })
    const text = await printed('Press Ctrl+C to stop')
    assert.match(
      text,
      /^ \* App: shop \(app\.ts\)\n \* Profile: development\n \* Debug mode: on\n \* database: sqlite:\/\/\/x\.db\n/,
    )
    assert.match(text, /^ {5}GET {2}\/ +index$/m)
    assert.match(text, /development server: do not use it in production/)
    const port = Number(/ \* Running on http:\/\/127\.0\.0\.1:(\d+)\n/.exec(text)?.[1])
    const { detail } = (await get(port, '/boom')) as { detail: string }
    assert.equal(detail, 'TypeError: no luck')

    const slow = get(port, '/slow')
    await new Promise((resolve) => setTimeout(resolve, 100))
    const before = performance.now()
    child.kill('SIGTERM')
    assert.deepEqual(await slow, { done: true })
    const { code, out } = await ended()
    assert.equal(code, 0)
    assert.match(out, /closed/)
    assert.match(out, /\n\d\d:\d\d:\d\d\.\d{3} INFO {2}GET \/slow 200 [\d.]+ ms\n/)
    assert.match(out, / ERROR An internal .*\n {4}TypeError: no luck\n {8}at .*app\.ts:7/)
    assert.ok(performance.now() - before < 6000, 'an idle connection is not waited for')
  },
)

test(
  '--no-debug shows nothing of an error, but logs it; in production as JSON',
  QUIET,
  async () => {
    await using dir = project(FILES)
    const env = { DEWAR_DEBUG: '1', DEWAR_ENV: 'production' }
    const argv = ['run', '--no-reload', '--no-debug', '--port', '0']
    const { child, printed, ended } = dir.start(argv, { env })
    const text = await printed('Press Ctrl+C to stop')
    assert.match(text, / \* Profile: production\n \* Debug mode: off\n/)
    const port = Number(/127\.0\.0\.1:(\d+)\n/.exec(text)?.[1])
    assert.doesNotMatch(JSON.stringify(await get(port, '/boom')), /no luck/)
    child.kill('SIGTERM')
    const { out } = await ended()
    const logged = out.split('\n').filter((line) => line.startsWith('{'))
    assert.deepEqual(
      logged.map((line) => JSON.parse(line).err.message),
      ['no luck'],
    )
  },
)

test('a port that is taken is told, with another one to take', async (t) => {
  await using dir = project(FILES)
  const server = createServer()
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  for (const more of [[], ['--no-reload']]) {
    const { code, err } = await dir.dewar(['run', '--port', String(port), ...more])
    assert.equal(code, 1)
    assert.match(
      err,
      new RegExp(`^Port ${port} is in use by another program\\. .* --port ${port + 1}$`),
    )
  }
  for (const [env, advice] of [
    [
      { npm_command: 'start', npm_lifecycle_event: 'start', npm_lifecycle_script: 'dewar run' },
      'npm start --',
    ],
    [
      {
        npm_command: 'run-script',
        npm_lifecycle_event: 'dewar',
        npm_lifecycle_script: 'node bin/dewar.js',
      },
      'npm run dewar -- run',
    ],
    [
      { npm_command: 'exec', npm_lifecycle_event: 'npx', npm_lifecycle_script: "'dewar'" },
      'npx dewar run',
    ],
    [
      { npm_command: 'run', npm_lifecycle_event: 'test', npm_lifecycle_script: 'node --test' },
      'dewar run',
    ],
  ] as const) {
    const { err } = await dir.dewar(['run', '--port', String(port)], env)
    assert.ok(err.endsWith(`Choose another: ${advice} --port ${port + 1}`), err)
  }
  const { code, err } = await dir.dewar(['run', '--host', '192.0.2.1'])
  assert.equal(code, 1)
  assert.match(err, /This machine has no address 192\.0\.2\.1/)
})

test('production is refused', QUIET, async () => {
  await using dir = project(FILES)
  const refused = await dir.start(['run'], { env: { DEWAR_ENV: 'production' } }).ended()
  assert.equal(refused.code, 1)
  assert.match(refused.err, /production server; or, .* --no-debug/)

  dir.write('.env', 'DEWAR_ENV=production\n')
  assert.equal((await dir.start(['run']).ended()).code, 1)
  assert.match((await dir.dewar(['run'], { DEWAR_ENV: 'prod' })).err, /Did you mean "production"/)
})

test('a PORT that is none, and an app that is none, end the command at once', async () => {
  await using dir = project()
  assert.match((await dir.dewar(['run'], { PORT: 'http' })).err, /^PORT is "http"\. A port is/)
  assert.match((await dir.dewar(['run'])).err, /^There is no app in/)
})
