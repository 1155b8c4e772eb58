import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { parsePostgresURL } from '../../../src/sql/postgresql/url.ts'

suite('URLs of PostgreSQL', () => {
  test('are read as libpq reads them', () => {
    const { host, port, user, password, database } = parsePostgresURL(
      'postgresql://app:p%40s%2Fs:w@db.example:6543/shop',
    )
    assert.deepEqual(
      { host, port, user, password, database },
      { host: 'db.example', port: 6543, user: 'app', password: 'p@s/s:w', database: 'shop' },
    )
    const hostOf = (url: string) => parsePostgresURL(url).host
    assert.equal(hostOf('postgres://'), 'localhost')
    assert.equal(hostOf('postgresql:///shop'), 'localhost')
    assert.equal(hostOf('postgresql://app@[::1]:5433/shop'), '::1')
    assert.equal(hostOf('postgresql:///shop?host=/var/run/postgresql'), '/var/run/postgresql')
    assert.equal(hostOf('postgresql://%2Fvar%2Frun%2Fpostgresql/shop'), '/var/run/postgresql')
    const all = parsePostgresURL(
      'postgres://h/?dbname=shop&user=a%2Bb+c&password=p&port=1&sslmode=verify-full&sslrootcert=/ca.pem' +
        '&application_name=shop%20api&options=-c%20search_path%3Dapp&connect_timeout=3' +
        '&pool_max=20&pool_idle=1m&statement_timeout=2.5s',
    )
    assert.equal(all.user, 'a+b+c')
    assert.deepEqual(
      [all.database, all.port, all.sslMode, all.ssl, all.options, all.poolMax, all.poolIdleMs],
      ['shop', 1, 'verify-full', { ca: '/ca.pem' }, '-c search_path=app', 20, 60_000],
    )
    assert.deepEqual([all.connectTimeoutMs, all.statementTimeoutMs], [3000, 2500])
  })

  test('keep any name and password that is percent-encoded', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((each) => {
      return each.isWellFormed() && !each.includes('\0')
    })
    const property = fc.property(text, text, text, (user, password, database) => {
      const encode = encodeURIComponent
      const url = `postgresql://${encode(user)}:${encode(password)}@h/${encode(database)}`
      const read = parsePostgresURL(url)
      assert.deepEqual([read.user, read.password, read.database], [user, password, database])
    })
    fc.assert(property)
  })

  test('that are wrong are refused, and say nothing of the password', () => {
    const refuses = (url: string, error: RegExp) => {
      assert.throws(
        () => parsePostgresURL(url),
        (thrown) =>
          thrown instanceof TypeError &&
          error.test(thrown.message) &&
          !/s3cret/.test(thrown.message),
        url,
      )
    }
    refuses('postgresql:shop', /postgresql:\/\/user:password@host/)
    refuses('postgresql://a:s3cret@h1,h2/shop', /postgresql:\/\/user:password@host/)
    refuses('postgresql://a:s3cret%@h/shop', /percent-encoded/)
    refuses('postgresql://a:s3cret@h/shop#x', /percent-encoded/)
    refuses('postgresql://a:s3cret@h:0/shop', /from 1 to 65535/)
    refuses('postgresql://h:70000/shop', /from 1 to 65535/)
    refuses('postgresql://h/shop?sslmode=on', /verify-full/)
    refuses('postgresql://h/shop?pool=5', /no parameter "pool".*pool_max/)
    refuses('postgresql://h/shop?pool_max', /no parameter|from 1/)
    refuses('postgresql://h/shop?pool_max=0', /pool_max is a whole number/)
    refuses('postgresql://h/shop?pool_idle=5', /such as 30s/)
  })
})
