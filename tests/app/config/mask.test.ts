import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { maskURL, maskValue } from '../../../src/app/config/mask.ts'

test('passwords in URLs are hidden, the rest is kept', () => {
  const cases = {
    'postgresql://app:hunter2@host:5432/db?sslmode=require':
      'postgresql://app:***@host:5432/db?sslmode=require',
    'redis://:hunter2@host:6379/0': 'redis://:***@host:6379/0',
    'mongodb+srv://a:hunter2@h1,h2/db': 'mongodb+srv://a:***@h1,h2/db',
    'redis://:hunter2@h1,redis://:hunter2@h2': 'redis://:***@h2',
    'postgres://u:hunter2@hunter2:hunter2/x@host/db': 'postgres://u:***@host/db',
    'mysql://u:a hunter2@host/db': 'mysql://u:***@host/db',
    'https://hunter2@github.com/a/b': 'https://***@github.com/a/b',
    'HTTPS://hunter2@github.com/a/b': 'HTTPS://***@github.com/a/b',
    'https://a.example/?access_token=hunter2&page=2': 'https://a.example/?access_token=***&page=2',
    'https://a.example/?next=https://u:hunter2@b.example':
      'https://a.example/?next=https://u:***@b.example',
    "host=db user=app password='hunter2 x' dbname=d": 'host=db user=app password=*** dbname=d',
    'connect postgres://u:hunter2@h failed, ask ops@example.com':
      'connect postgres://u:***@h failed, ask ops@example.com',
  }
  for (const [url, masked] of Object.entries(cases)) assert.equal(maskURL(url), masked)
})

test('what holds no secret is left as it is', () => {
  for (const text of [
    '',
    'sqlite:///instance/a@b:c.db',
    'sqlite::memory:',
    'postgresql://app@localhost:5432/db',
    'redis://localhost:6379/0',
    'http://localhost:5000/@scope/name?q=a@b',
    'mailto:me@example.com',
    '://',
  ]) {
    assert.equal(maskURL(text), text)
  }
})

test('no password survives', () => {
  const password = fc.oneof(
    fc.string({ minLength: 1 }).map(encodeURIComponent),
    fc.string({ minLength: 1 }).filter((text) => !/[/?#]/.test(text)),
  )
  const scheme = fc.constantFrom('postgresql', 'https', 'redis', 'mongodb+srv', 'HTTP')
  fc.assert(
    fc.property(scheme, password, fc.constantFrom('u', ''), (start, word, user) => {
      assert.equal(maskURL(`${start}://${user}:${word}@host/db`), `${start}://${user}:***@host/db`)
    }),
  )
})

test('no raw password survives outside http', () => {
  const unit = fc.constantFrom('a', ':', '/', '@', '?', '#', ' ', '\n', '=', "'", '&', '%', ',')
  const password = fc.oneof(fc.string({ minLength: 1 }), fc.string({ unit, minLength: 1 }))
  fc.assert(
    fc.property(password, (word) => {
      assert.equal(maskURL(`mysql://u:${word}@host/db`), 'mysql://u:***@host/db')
    }),
  )
})

test('values are searched', () => {
  const value = {
    smtp: { host: 'h', password: 'hunter2', urls: ['smtp://a:hunter2@h'] },
    url: new URL('http://a:hunter2@h/'),
    tokens: { github: 'hunter2' },
    key: new Map([['a', 'hunter2']]),
    limit: 3n,
  }
  assert.deepEqual(maskValue('mail', value), {
    smtp: { host: 'h', password: '***', urls: ['smtp://a:***@h'] },
    url: 'http://a:***@h/',
    tokens: { github: '***' },
    key: '[Map]',
    limit: '3',
  })
})

test('a megabyte takes no longer than it should', () => {
  for (const part of [
    'a',
    '://',
    '@',
    "password='",
    'token',
    ':@',
    'x:://',
    'x://@',
    ' x://a:b@c',
    'http://',
  ]) {
    const startedAt = performance.now()
    maskURL(part.repeat(1_000_000 / part.length))
    assert.ok(performance.now() - startedAt < 2000, part)
  }
})
