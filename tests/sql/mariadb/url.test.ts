import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { parseMariadbURL } from '../../../src/sql/mariadb/url.ts'

suite('the URL of a MariaDB database', () => {
  test('names server, user and database', () => {
    const { host, port, user, password, database } = parseMariadbURL(
      'mysql://app:p%40ss%2Fw%25@db.example:3307/shop',
    )
    assert.deepEqual(
      { host, port, user, password, database },
      { host: 'db.example', port: 3307, user: 'app', password: 'p@ss/w%', database: 'shop' },
    )
    const plain = parseMariadbURL('MariaDB://root@[::1]/shop')
    assert.equal(plain.host, '::1')
    assert.equal(plain.port, 3306)
    assert.equal(plain.maxConnections, undefined)
    assert.equal(plain.statementTimeoutMs, undefined)
  })

  test('holds any user and password, percent-encoded', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((each) => each.isWellFormed())
    const property = fc.property(text, text, (user, password) => {
      const auth = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
      const read = parseMariadbURL(`mariadb://${auth}@localhost/shop`)
      assert.deepEqual([read.user, read.password], [user, password])
    })
    fc.assert(property)
  })

  test('has options', () => {
    const url =
      'mariadb://root@localhost/shop?pool_max=20&pool_idle=2m&statement_timeout=1500ms&sslmode=verify-full&charset=utf8mb4'
    const { maxConnections, idleMs, statementTimeoutMs, sslMode } = parseMariadbURL(url)
    assert.deepEqual(
      { maxConnections, idleMs, statementTimeoutMs, sslMode },
      { maxConnections: 20, idleMs: 120_000, statementTimeoutMs: 1500, sslMode: 'verify-full' },
    )
    const { socketPath, user } = parseMariadbURL('mariadb:///shop?socket=/run/mysqld/mysqld.sock')
    assert.equal(socketPath, '/run/mysqld/mysqld.sock')
    assert.notEqual(user, '')
  })

  test('that is not understood is an error, which does not show the password', () => {
    const wrong = [
      'mariadb://localhost',
      'mariadb://localhost/',
      'mariadb://u:s3cret@localhost/a/b',
      'mariadb://u:s3cret%zz@localhost/a',
      'mariadb://u:s3cret@localhost:99999/a',
      'mariadb://u:s3cret@localhost/a?pool_max=0',
      'mariadb://u:s3cret@localhost/a?pool_max=1e3',
      'mariadb://u:s3cret@localhost/a?pool_idle=soon',
      'mariadb://u:s3cret@localhost/a?statement_timeout=0s',
      'mariadb://u:s3cret@localhost/a?sslmode=allow',
      'mariadb://u:s3cret@localhost/a?charset=latin1',
      'mariadb://u:s3cret@localhost/a?ssl=true',
      'mariadb:u:s3cret@localhost/a',
    ]
    for (const url of wrong) {
      assert.throws(
        () => parseMariadbURL(url),
        (error) => error instanceof TypeError && !error.message.includes('s3cret'),
        url,
      )
    }
  })
})
