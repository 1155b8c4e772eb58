import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSqliteURL } from '../../../src/sql/sqlite/url.ts'

test('URLs of SQLite are read as people write them', () => {
  const pathOf = (url: string) => parseSqliteURL(url, '/srv/app').path
  assert.equal(pathOf('sqlite:///instance/app.db'), '/srv/app/instance/app.db')
  assert.equal(pathOf('sqlite:///../app.db'), '/srv/app.db')
  assert.equal(pathOf('sqlite:////var/lib/app.db'), '/var/lib/app.db')
  assert.equal(pathOf('sqlite:///a%20b%3F.db'), '/srv/app/a b?.db')
  for (const url of ['sqlite::memory:', 'sqlite:///:memory:', 'sqlite://']) {
    assert.equal(pathOf(url), undefined)
  }
  assert.equal(parseSqliteURL('sqlite:///a.db?synchronous=full', '/').synchronous, 'full')
  for (const url of [
    'sqlite:///',
    'sqlite:a.db',
    'sqlite://host/a.db',
    'sqlite:///a/',
    'sqlite:///%',
    'sqlite:///a%00',
  ]) {
    assert.throws(() => pathOf(url), /sqlite:\/\/\/instance\/app\.db/, url)
  }
  assert.throws(() => pathOf('sqlite:///a.db?synchronous=off'), /synchronous=normal/)
})
