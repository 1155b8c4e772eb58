import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { project } from './project.ts'

const appCalled = (name: string, how = 'export const app ='): string =>
  `import { App } from 'dewar'\n${how} new App('${name}').command(
    { name: 'who', summary: 'Say who', run: ({ app, print }) => print(app.name) })\n`

test('the app is found by --app, DEWAR_APP, .env, package.json and in the usual places, in this order', async () => {
  await using dir = project({
    'src/app.ts': appCalled('src'),
    'one.ts': appCalled('one'),
    'two.ts': appCalled('two'),
    'three.ts': appCalled('three'),
    'four.ts': appCalled('four'),
  })
  assert.equal((await dir.dewar(['who'])).out, 'src')
  dir.write('app.ts', appCalled('app'))
  assert.equal((await dir.dewar(['who'])).out, 'app')
  dir.write('package.json', '{ "type": "module", "dewar": { "app": "./four.ts" } }')
  assert.equal((await dir.dewar(['who'])).out, 'four')
  dir.write('.env', 'DEWAR_APP=three.ts\n')
  assert.equal((await dir.dewar(['who'])).out, 'three')
  assert.equal((await dir.dewar(['who'], { DEWAR_APP: 'two.ts' })).out, 'two')
  for (const argv of [
    ['--app', 'one', 'who'],
    ['who', '--app=one.ts:app'],
  ]) {
    assert.deepEqual(await dir.dewar(argv, { DEWAR_APP: 'two.ts' }), {
      code: 0,
      out: 'one',
      err: '',
    })
  }
})

test('an app is taken from app, createApp, application and default, or the export that is named', async () => {
  await using dir = project({
    'made.ts': appCalled('made', 'export const createApp = async () =>'),
    'long.ts': appCalled('long', 'export const application ='),
    'plain.ts': appCalled('plain', 'export default'),
    'named.ts': appCalled('named', 'export const app = 1; export const shop = () =>'),
  })
  const apps = ['made.ts', 'long.ts', 'plain.ts', 'named.ts:shop']
  const ran = await Promise.all(apps.map((app) => dir.dewar(['--app', app, 'who'])))
  assert.deepEqual(
    ran.map(({ out }) => out),
    ['made', 'long', 'plain', 'named'],
  )
})

test('where there is no app, the message says where it was looked for', async () => {
  await using dir = project()
  const { code, err } = await dir.dewar(['routes'])
  assert.equal(code, 1)
  assert.match(err, /no app in .*: no --app, no DEWAR_APP, no app\.ts, no app\.js, no src\/app\.ts/)
  assert.ok(err.includes(`in ${join(dir.dir, 'package.json')}`))

  const missing = await dir.dewar(['--app', 'nope.ts', 'routes'])
  assert.equal(missing.code, 1)
  assert.match(missing.err, /^--app names nope\.ts, but there is no file nope\.ts in /)
  assert.equal((await dir.dewar(['routes', '--app'])).code, 2)
})

test('a file without an app is told what it exports and what it should', async () => {
  await using dir = project({
    'app.ts': 'export const db = 1\nexport const app = 2\n',
    'made.ts': 'export const createApp = () => ({})\n',
    'empty.ts': 'export {}\n',
  })
  const { code, err } = await dir.dewar(['routes'])
  assert.equal(code, 1)
  assert.match(err, /^app\.ts exports no app\. It exports: app, db\.\nExport the app as `app`/)
  assert.match(
    (await dir.dewar(['--app', 'app.ts:db', 'routes'])).err,
    /"db" in app\.ts .*a number/,
  )
  assert.match(
    (await dir.dewar(['--app', 'app.ts:x', 'routes'])).err,
    /no export "x"\. It exports: app, db/,
  )
  assert.match((await dir.dewar(['--app', 'made.ts', 'routes'])).err, /createApp\(\) .*a Object/)
  assert.match((await dir.dewar(['--app', 'empty.ts', 'routes'])).err, /It exports nothing/)
})

const BROKEN = {
  'a syntax error': ['const a = 1\nexport const b = = 2\n', /^SyntaxError: .*\n\nbroken\.ts:2\n/],
  'a syntax error that Node gives no place for': [
    'export const a = 1\nconst x = 1\nconst x = 2\n',
    /^SyntaxError: .*\n\nbroken\.ts:3\n/,
  ],
  'an import of nothing': ["\nimport './nothing.ts'\n", /Cannot find module .*\n\nbroken\.ts:2\n/],
  'an export that is not there': [
    "import { nope } from './app.ts'\nnope()\n",
    /no.* export named 'nope'\n\nbroken\.ts:1\n/,
  ],
  'an error while it runs': [
    'const a = null\n\nexport const b = a.c\n',
    /^TypeError: .*\n\nbroken\.ts:3\n[^]*> 3 \| export const b = a\.c/,
  ],
} as const

for (const [what, [source, expected]] of Object.entries(BROKEN)) {
  test(`${what} is shown with file, line and source, without a stack`, async () => {
    await using dir = project({ 'app.ts': "import './broken.ts'\n", 'broken.ts': source })
    const { code, err } = await dir.dewar(['routes'])
    assert.equal(code, 1)
    assert.match(err, expected)
    assert.doesNotMatch(err, /^ {4}at /m)
  })
}

test('a configuration that cannot be used is told as it is', async () => {
  await using dir = project({
    'app.ts':
      "class ConfigError extends Error { name = 'ConfigError' }\nthrow new ConfigError('SECRET_KEY is missing.')\n",
  })
  assert.deepEqual(await dir.dewar(['routes']), { code: 1, out: '', err: 'SECRET_KEY is missing.' })
})
