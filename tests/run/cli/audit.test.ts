import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { suite, test } from 'node:test'
import { project } from './project.ts'

const AUTH = import.meta.resolve('../../../src/ext/auth/index.ts')
const SECURITY = import.meta.resolve('../../../src/ext/security/index.ts')

const IMPORTS = `
  import { App } from 'dewar'
  import { accounts, apiKeys, authentication, memoryKeyStore, memoryTokenStore, signedSessions } from '${AUTH}'
  import { security } from '${SECURITY}'
  const secret = 'a secret of the tests, of more than 32 bytes'
`
const SAFE = `${IMPORTS}
  export const app = new App('shop', { profile: 'production', trustProxy: '10.0.0.0/8' })
    .install(security, { hosts: ['api.example.com'] })
    .install(authentication(), { secret, store: memoryTokenStore() })
    .install(apiKeys(), { store: memoryKeyStore(), static: { a: undefined, b: 'Vq9d3kW0xYt7Lr2nBc5h' } })
`

suite('dewar audit', () => {
  test('has nothing to say of an app that is safe', async () => {
    await using dir = project({ 'app.ts': SAFE })
    assert.deepEqual(await dir.dewar(['audit']), {
      code: 0,
      out: 'Nothing unsafe was found.',
      err: '',
    })
  })

  test('lists what is unsafe, with what to do, and ends with 1', async () => {
    const app = `${IMPORTS}
      const keys = apiKeys({ query: 'key' })
      const sessions = signedSessions()
      export const app = new App('shop', { trustProxy: true, logger: false, fastify: { requestTimeout: 0 } })
        .install(authentication(), {
          secret, store: false, accessLifetime: '30d', leeway: '1h',
          locations: ['cookie', 'query'], cookies: { secure: false },
        })
        .install(keys, { static: { reports: 'hunter2' } })
        .install(sessions, { secret, cookies: { secure: false } })
    `
    await using dir = project({ 'app.ts': app })
    const { code, out } = await dir.dewar(['audit'])
    assert.equal(code, 1)
    const expected = [
      'its profile is not set',
      'no security headers',
      'what its address is',
      'as long as it likes',
      'Nothing is logged',
      'Nobody can be signed out',
      'Tokens are taken from the query',
      'Cookies with tokens are sent over plain HTTP',
      'count for more than a day',
      'minutes after they expired',
      '?key=…',
      '"reports" has 7 bytes',
      'Cookies with sessions',
    ]
    for (const each of expected) assert.ok(out.includes(each), each)
    assert.match(out, new RegExp(`\n${expected.length} found\\.$`))
    assert.ok(!out.includes('hunter2'))
  })

  test('knows hosts and origins', async () => {
    const app = `${IMPORTS}
      export const app = new App('shop', { profile: 'production' })
        .install(security, { hosts: '*', cors: { origins: ['http://shop.example.com'] } })
    `
    await using dir = project({ 'app.ts': app })
    const { code, out } = await dir.dewar(['audit', '--json'])
    assert.equal(code, 1)
    assert.deepEqual(
      JSON.parse(out).map(({ unsafe }: { unsafe: string }) =>
        unsafe.split(' ').slice(0, 4).join(' '),
      ),
      ['Requests for any host', 'Pages of http://shop.example.com may'],
    )
  })

  test('an app that does not start in production says why', async () => {
    const app = `
      import { App, defineConfig, secret } from 'dewar'
      const readConfig = defineConfig({ key: secret({ env: 'APP_KEY', development: 'x' }) })
      export const createApp = () => new App('shop', { profile: readConfig({ env: { DEWAR_ENV: 'production' } }).profile })
    `
    await using dir = project({ 'app.ts': app })
    const { code, out } = await dir.dewar(['audit'])
    assert.equal(code, 1)
    assert.match(out, /does not start in production: /)
    const none = await dir.dewar(['--app', 'none.ts', 'audit'])
    assert.deepEqual([none.code, none.out], [1, ''])
    assert.match(none.err, /none\.ts/)
  })

  test('reads the profile of production, whatever the environment says', async () => {
    const app = `
      import { App } from 'dewar'
      if (process.env.DEWAR_ENV !== 'production') throw new Error('not in production')
      export const app = new App('shop', { profile: process.env.DEWAR_ENV })
    `
    await using dir = project({ 'app.ts': app })
    const { out } = await dir.start(['audit'], { env: { DEWAR_ENV: 'development' } }).ended()
    assert.match(out, /^- Answers have no security headers/)
    assert.match(out, /\n1 found\.\s*$/)
  })

  test('looks at the versions of packages, and at what git has', async () => {
    await using dir = project({ 'app.ts': SAFE, '.env': 'KEY=x' })
    const dependencies = {
      any: '*',
      newest: 'latest',
      open: '>=1',
      branch: 'github:a/b',
      commit: `github:a/b#${'a'.repeat(40)}`,
      caret: '^1.2.3',
      exact: '1.2.3',
    }
    dir.write('package.json', JSON.stringify({ type: 'module', dependencies }))
    const unlocked = await dir.dewar(['audit'])
    for (const each of ['"any"', '"newest"', '"open"', '"branch"', 'No lock file']) {
      assert.ok(unlocked.out.includes(each), each)
    }
    assert.match(unlocked.out, /\n5 found\./)
    const packages = { 'node_modules/exact': { resolved: 'http://registry.example/exact.tgz' } }
    dir.write('package-lock.json', JSON.stringify({ packages }))
    dir.write('package.json', '{ "type": "module", "dependencies": { "exact": "1.2.3" } }')
    execFileSync('git', ['init', '-q'], { cwd: dir.dir })
    execFileSync('git', ['add', '.env'], { cwd: dir.dir })
    const { out } = await dir.dewar(['audit'])
    assert.match(out, /node_modules\/exact comes over plain HTTP/)
    assert.match(out, /\.env is in git/)
    assert.match(out, /\n2 found\./)
  })
})
