import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { z } from 'zod'
import { ConfigError } from '../../../src/app/config/config_error.ts'
import { defineConfig } from '../../../src/app/config/define_config.ts'
import { describeConfig, explainConfig } from '../../../src/app/config/describe_config.ts'
import { ensureInstanceDir } from '../../../src/app/config/files.ts'
import { secret, setting } from '../../../src/app/config/setting.ts'

const STRONG = 'q7Zt0nVb3Yw9Lk2Xc5Rf8Hd1Jm4Gs6Pa'

const readConfig = defineConfig({
  databaseUrl: setting(z.string(), {
    env: {
      development: 'DEV_DATABASE_URL',
      testing: 'TEST_DATABASE_URL',
      production: 'DATABASE_URL',
    },
    development: 'sqlite:///instance/dev.db',
    testing: 'sqlite::memory:',
    description: 'Where the tasks are kept.',
  }),
  secretKey: secret({ env: 'SECRET_KEY', development: 'random', testing: 'dev' }),
  pageSize: setting(z.int().min(1).max(100), { env: 'PAGE_SIZE', default: 20 }),
  debug: setting(z.boolean().default(false), { env: 'DEBUG', development: true }),
  origins: setting(z.array(z.string()).default([]), { env: 'ORIGINS' }),
  mailPassword: setting(z.string().min(4).optional(), { env: 'MAIL_PASSWORD', secret: true }),
})

/** A folder of its own with `files` in it. */
function folder(t: TestContext, files: Record<string, string | Uint8Array> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'dewar-config-'))
  t.after(() => rmSync(dir, { recursive: true }))
  if (Object.keys(files).some((name) => name.startsWith('instance/')))
    mkdirSync(join(dir, 'instance'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  return dir
}

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    return error.problems
  }
  return assert.fail('no ConfigError')
}

const production = (env: Record<string, string>, dir = '/nowhere') =>
  readConfig({
    profile: 'production',
    env: { DATABASE_URL: 'pg://h/d', SECRET_KEY: STRONG, ...env },
    dir,
  })

const profileOf = (env: Record<string, string>) => readConfig({ env, dir: '/nowhere' }).profile

suite('profiles', () => {
  test('each has its values, and the result is typed and frozen', () => {
    const config = readConfig({ env: {}, dir: '/nowhere' })
    const pageSize: number = config.pageSize
    const password: string | undefined = config.mailPassword
    assert.deepEqual([config.profile, pageSize, password], ['development', 20, undefined])
    assert.deepEqual([config.databaseUrl, config.debug], ['sqlite:///instance/dev.db', true])
    assert.deepEqual([config.dir, config.instanceDir], ['/nowhere', '/nowhere/instance'])
    assert.throws(() => Object.assign(config, { pageSize: 1 }), TypeError)

    const testing = readConfig({ profile: 'testing', env: {}, dir: '/nowhere' })
    assert.deepEqual([testing.databaseUrl, testing.debug], ['sqlite::memory:', false])
  })

  test('DEWAR_ENV decides, then NODE_ENV', () => {
    assert.equal(profileOf({ DEWAR_ENV: 'testing', NODE_ENV: 'production' }), 'testing')
    assert.equal(profileOf({ NODE_ENV: 'test' }), 'testing')
    assert.equal(profileOf({ DEWAR_ENV: '', NODE_ENV: 'development' }), 'development')
    assert.equal(problemsOf(() => profileOf({ NODE_ENV: 'production' })).length, 2)
  })

  test('an unknown one is refused with the known ones', () => {
    assert.deepEqual(
      problemsOf(() => readConfig({ profile: 'prod', env: {} })),
      [
        'profile is "prod". Known profiles: development, testing, production. Did you mean "production"?',
      ],
    )
    assert.deepEqual(
      problemsOf(() => readConfig({ env: { NODE_ENV: 'staging' } })),
      [
        'NODE_ENV is "staging". Known profiles: development, testing, production. Or set DEWAR_ENV.',
      ],
    )
    assert.match(
      problemsOf(() => readConfig({ env: { DEWAR_ENV: 'Testing' } }))[0]!,
      /mean "testing"/,
    )
  })

  test('DEWAR_ENV in .env counts, and the environment goes first', (t) => {
    const dir = folder(t, { '.env': 'DEWAR_ENV=production' })
    assert.match(problemsOf(() => readConfig({ env: {}, dir }))[0]!, /^DATABASE_URL is missing/)
    assert.equal(readConfig({ env: { NODE_ENV: 'development' }, dir }).profile, 'development')
  })
})

suite('sources', () => {
  test('the stronger wins', (t) => {
    const files = {
      'instance/config.json': '{ "pageSize": 30 }',
      '.env': 'PAGE_SIZE=40',
      '.env.development': 'PAGE_SIZE=50',
    }
    const sizeWith = (...names: (keyof typeof files)[]) => {
      const dir = folder(t, Object.fromEntries(names.map((name) => [name, files[name]])))
      return readConfig({ env: {}, dir }).pageSize
    }
    assert.equal(sizeWith('instance/config.json'), 30)
    assert.equal(sizeWith('instance/config.json', '.env'), 40)
    assert.equal(sizeWith('instance/config.json', '.env', '.env.development'), 50)
    const dir = folder(t, files)
    assert.equal(readConfig({ env: { PAGE_SIZE: '60' }, dir }).pageSize, 60)
    const overrides = { pageSize: 70, debug: undefined }
    const config = readConfig({ env: { PAGE_SIZE: '60' }, dir, overrides })
    assert.deepEqual([config.pageSize, config.debug], [70, true])
    assert.equal(readConfig({ env: { PAGE_SIZE: '' }, dir }).pageSize, 30)
    assert.equal(process.env['PAGE_SIZE'], undefined)
  })

  test('tests depend on no file of the machine but .env.testing', (t) => {
    const dir = folder(t, {
      'instance/config.json': '{ "pageSize": 30 }',
      '.env': 'PAGE_SIZE=40\nnot even an entry',
      '.env.testing': 'DEBUG=on',
    })
    const config = readConfig({ profile: 'testing', env: {}, dir })
    assert.deepEqual([config.pageSize, config.debug], [20, true])
  })
})

suite('mistakes in files and names', () => {
  test('files that cannot be read are named', (t) => {
    const readIn = (files: Record<string, string | Uint8Array>) => {
      const dir = folder(t, files)
      return problemsOf(() => readConfig({ env: {}, dir })).map((text) => text.replaceAll(dir, ''))
    }
    assert.deepEqual(readIn({ '.env': 'A=1\nhunter2\n' }), [
      '/.env, line 2, is not NAME=value, or a quote is not closed.',
    ])
    assert.deepEqual(readIn({ '.env.development': 'x', 'instance/config.json': '[1]' }), [
      '/.env.development, line 1, is not NAME=value, or a quote is not closed.',
      '/instance/config.json is not a JSON object.',
    ])
    assert.match(readIn({ '.env': Uint8Array.of(65, 61, 0xff) })[0]!, /^\/\.env is not UTF-8 text/)
    const dir = folder(t)
    mkdirSync(join(dir, '.env'))
    assert.match(
      problemsOf(() => readConfig({ env: {}, dir }))[0]!,
      /\.env cannot be read \(EISDIR/,
    )
  })

  test('names that are no setting are refused', (t) => {
    const dir = folder(t, { 'instance/config.json': '{ "pagesize": 30, "__proto__": 1 }' })
    const overrides: object = { constructor: 1 }
    assert.deepEqual(
      problemsOf(() => readConfig({ env: {}, dir, overrides })),
      [
        '"constructor" in overrides is not a setting.',
        '"pagesize" in instance/config.json is not a setting. Did you mean "pageSize"?',
        '"__proto__" in instance/config.json is not a setting.',
      ],
    )
    for (const name of ['profile', 'toJSON']) {
      assert.throws(() => defineConfig({ [name]: setting(z.string()) }), TypeError)
    }
  })

  test('two readings at once share nothing', () => {
    const [a, b] = [readConfig({ env: {}, dir: '/a' }), readConfig({ env: {}, dir: '/b' })]
    assert.notEqual(a.secretKey, b.secretKey)
    assert.ok(a.secretKey.length >= 64)
  })
})

suite('problems', () => {
  test('all are told at once, and no value', () => {
    const env = { DATABASE_URL: '', SECRET_KEY: 'tiny', PAGE_SIZE: '500', MAIL_PASSWORD: 'abc' }
    assert.deepEqual(
      problemsOf(() => production(env)),
      [
        'DATABASE_URL is missing: Where the tasks are kept.',
        'SECRET_KEY (from the environment) has 4 bytes, and needs at least 32. ' +
          'Make one with: openssl rand -base64 48',
        'PAGE_SIZE (from the environment) is not valid: Too big: expected number to be <=100.',
        'MAIL_PASSWORD (from the environment) is not valid: too small.',
      ],
    )
    assert.throws(
      () => production(env),
      /^ConfigError: The configuration for production cannot be used:\n  - DATABASE_URL/,
    )
  })

  test('a schema that repeats the value gives no secret away', () => {
    const schema = z.string().refine(() => false, { error: ({ input }) => `no ${String(input)}` })
    const read = defineConfig({
      key: setting(schema, { env: 'KEY', secret: true }),
      url: setting(schema, { env: 'URL' }),
    })
    const env = { KEY: 'hunter2', URL: 'pg://u:hunter2@h' }
    assert.deepEqual(
      problemsOf(() => read({ env, dir: '/nowhere' })),
      [
        'KEY (from the environment) is not valid: custom.',
        'URL (from the environment) is not valid: no pg://u:***@h.',
      ],
    )
  })

  test('production refuses weak secrets from every source', () => {
    const weak = {
      ['a'.repeat(40)]: /repeats a few characters/,
      ['x7Qm2Lp9'.repeat(5)]: /repeats itself/,
      'please-Change-Me-please-change-it!!': /well-known/,
      'django-insecure-8w7f6v5n4m3k2j1h0g9': /well-known/,
    }
    for (const [SECRET_KEY, why] of Object.entries(weak)) {
      assert.match(problemsOf(() => production({ SECRET_KEY }))[0]!, why)
      assert.ok(!problemsOf(() => production({ SECRET_KEY }))[0]!.includes(SECRET_KEY))
    }
    assert.equal(production({}).secretKey, STRONG)

    const own = defineConfig({ key: secret({ env: 'KEY', development: STRONG }) })
    const overrides = { key: STRONG }
    assert.match(
      problemsOf(() => own({ profile: 'production', env: {}, overrides }))[0]!,
      /development/,
    )
    assert.equal(own({ profile: 'development', env: {} }).key, STRONG)
  })
})

suite('secrets in files', () => {
  test('NAME_FILE is read without its last line end', (t) => {
    const dir = folder(t, { key: `${STRONG}\r\n`, size: '7\n' })
    const env = {
      SECRET_KEY: undefined,
      DATABASE_URL: 'pg://h/d',
      SECRET_KEY_FILE: join(dir, 'key'),
    }
    assert.equal(readConfig({ profile: 'production', env, dir }).secretKey, STRONG)
    assert.equal(readConfig({ env: { PAGE_SIZE_FILE: 'size' }, dir }).pageSize, 7)
  })

  test('the environment goes before a file that .env names', (t) => {
    const dir = folder(t, { '.env': 'SECRET_KEY_FILE=/missing' })
    assert.equal(readConfig({ env: { SECRET_KEY: 'mine' }, dir }).secretKey, 'mine')
  })

  test('problems name variable and path, not the content', (t) => {
    const dir = folder(t, { key: 'tiny\n', empty: '\n' })
    const problemWith = (path: string) => {
      const env = { DATABASE_URL: 'pg://h/d', SECRET_KEY_FILE: path }
      return problemsOf(() => readConfig({ profile: 'production', env, dir })).join()
    }
    assert.equal(problemWith('missing'), 'SECRET_KEY_FILE: missing does not exist.')
    assert.equal(problemWith('empty'), 'SECRET_KEY_FILE: empty is empty.')
    assert.match(problemWith('.'), /^SECRET_KEY_FILE: .* cannot be read \(EISDIR\)\.$/)
    assert.match(problemWith('key'), /^SECRET_KEY \(from SECRET_KEY_FILE key\) has 4 bytes/)
    assert.deepEqual(
      problemsOf(() => production({ SECRET_KEY_FILE: 'key' }, dir)),
      ['SECRET_KEY and SECRET_KEY_FILE are both set in the environment: remove one.'],
    )
  })
})

suite('what people see', () => {
  test('no secret is printed, written as JSON or described', () => {
    const DATABASE_URL = 'postgresql://app:hunter2@host/db'
    const config = production({ DATABASE_URL, MAIL_PASSWORD: 'hunter2' })
    assert.equal(config.databaseUrl, DATABASE_URL)
    for (const text of [
      inspect({ config }),
      JSON.stringify(config),
      inspect(describeConfig(config)),
    ]) {
      assert.ok(!text.includes('hunter2') && !text.includes(STRONG), text)
      assert.ok(text.includes('postgresql://app:***@host/db'))
    }
    assert.throws(() => describeConfig({ ...config }), TypeError)
  })

  test('a secret is masked whatever its name and type', () => {
    const settings = {
      pin: setting(z.int(), { default: 4711, secret: true }),
      salt: setting(z.string().optional(), { secret: true }),
    }
    const shown = describeConfig(defineConfig(settings)({ env: {}, dir: '/nowhere' }))
    assert.deepEqual([shown['pin'], shown['salt']], ['***', undefined])
  })

  test('the settings explain themselves', () => {
    const rows = explainConfig(readConfig)
    assert.deepEqual(rows[0], {
      name: 'databaseUrl',
      env: 'DATABASE_URL',
      required: true,
      secret: false,
      default: undefined,
      description: 'Where the tasks are kept.',
    })
    assert.deepEqual(
      rows.map((row) => [row.name, row.required, row.default]),
      [
        ['databaseUrl', true, undefined],
        ['secretKey', true, undefined],
        ['pageSize', false, 20],
        ['debug', false, false],
        ['origins', false, []],
        ['mailPassword', false, undefined],
      ],
    )
    assert.equal(explainConfig(readConfig, 'testing')[1]!.default, '***')
  })

  test('the instance folder is for its owner, and made once', (t) => {
    const dir = folder(t, { file: '' })
    const path = ensureInstanceDir(dir)
    assert.equal(path, join(dir, 'instance'))
    assert.equal(statSync(ensureInstanceDir(dir)).mode & 0o777, 0o700)
    assert.match(problemsOf(() => ensureInstanceDir(join(dir, 'file')))[0]!, /ENOTDIR/)
  })
})

test('any environment gives a configuration or a ConfigError', () => {
  const names = [
    'DEWAR_ENV',
    'NODE_ENV',
    'PAGE_SIZE',
    'DEBUG',
    'ORIGINS',
    'SECRET_KEY',
    'MAIL_PASSWORD',
  ]
  const text = fc.oneof(fc.string(), fc.constantFrom('testing', 'production', '1', 'true', 'a,b'))
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), text), (env) => {
      try {
        assert.ok(readConfig({ env, dir: '/nowhere' }).pageSize >= 1)
      } catch (error) {
        assert.ok(error instanceof ConfigError)
      }
    }),
  )
})
