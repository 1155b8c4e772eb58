import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compileDump } from '../../src/schema/dump.ts'
import { load, ValidationError } from '../../src/schema/load.ts'
import { boolean, enumeration, id, integer, string } from '../../src/sql/columns.ts'
import { model } from '../../src/sql/model.ts'
import { schemaOf } from '../../src/sql/schema_of.ts'
import { z } from 'zod'
import { Thing } from './fixtures.ts'

const schemas = schemaOf(Thing)

function messages(schema: z.ZodType, input: unknown): unknown {
  try {
    load(schema, input)
  } catch (error) {
    if (error instanceof ValidationError) return error.errors
    throw error
  }
  return undefined
}

suite('schemaOf', () => {
  test('loads a row with its defaults, without what clients may not set', () => {
    assert.deepEqual(load(schemas.load, { name: 'a' }), {
      name: 'a',
      weight: 0,
      is_red: false,
      kind: 'small',
    })
    assert.deepEqual(messages(schemas.load, { id: 1, made_at: '2026-01-01', nme: 1 }), {
      name: ['Missing data for required field.'],
      id: ['Unknown field.'],
      made_at: ['Unknown field.'],
      nme: ['Unknown field.'],
    })
  })

  test('loads any part of a row, and fills in nothing', () => {
    assert.deepEqual(load(schemas.patch, {}), {})
    assert.deepEqual(load(schemas.patch, { note: null }), { note: null })
    assert.deepEqual(messages(schemas.patch, { name: null, kind: 'x' }), {
      name: ['Field may not be null.'],
      kind: ['Must be one of: small, big.'],
    })
  })

  test('refuses what the database cannot hold', () => {
    const faults = {
      name: 'x'.repeat(21),
      note: 'a\0b',
      size: 2 ** 53,
      weight: '1',
      is_red: 1,
      day: '2026-02-30',
    }
    assert.deepEqual(messages(schemas.load, faults), {
      name: ['Longer than maximum length 20.'],
      note: ['Not a valid string.'],
      size: ['Must be less than or equal to 9007199254740991.'],
      weight: ['Not a valid number.'],
      is_red: ['Not a valid boolean.'],
      day: ['Not a valid date.'],
    })
    assert.deepEqual(messages(schemas.patch, { name: '\ud83d', day: '0000-01-01', size: 1.5 }), {
      name: ['Not a valid string.'],
      day: ['Not a valid date.'],
      size: ['Not a valid integer.'],
    })
    assert.equal(messages(schemas.patch, { name: '😀'.repeat(20) }), undefined)
  })

  test('dumps a row without what is hidden, times in ISO 8601', () => {
    const User = model('users', { id: id(), name: string(9), hash: string(99), is_new: boolean() })
    const users = schemaOf(User, { hide: ['hash'], readOnly: ['is_new'] })
    const row = { id: 1, name: 'a', hash: 'secret', is_new: true }
    assert.equal(compileDump(users.dump).toJSON(row), '{"id":1,"name":"a","is_new":true}')
    assert.deepEqual(Object.keys(users.load.shape), ['name', 'hash'])
    assert.match(
      compileDump(schemas.dump).toJSON({
        id: 1,
        name: 'a',
        note: null,
        size: 1,
        weight: 1,
        is_red: true,
        kind: 'big',
        day: '2026-01-01',
        made_at: new Date(0),
        changed_at: new Date(0),
      }),
      /"day":"2026-01-01","made_at":"1970-01-01T00:00:00.000Z"/,
    )
  })

  test('takes schemas of its own for fields', () => {
    const title = z.string().min(1, 'Say something.')
    const own = schemaOf(Thing, { fields: { name: title } })
    assert.equal(own.load.shape.name, title)
    assert.deepEqual(messages(own.patch, { name: '' }), { name: ['Say something.'] })
    assert.throws(() => schemaOf(Thing, { hide: ['nme' as 'name'] }), /no column "nme"/)
  })

  test('a model that cannot be is refused at once', () => {
    assert.throws(() => model('x', { a: integer() }), /needs a primary key/)
    assert.throws(() => model('x', { a: id(), b: id() }), /an id\(\) and other primary columns/)
    assert.throws(() => model('x"y', { id: id() }), /letters, digits/)
    assert.throws(() => model('x', { id: id(), ['__proto__']: integer() }), /letters, digits/)
    assert.throws(() => string(0), RangeError)
    assert.equal(String(model('x', { id: id(), k: enumeration(['a']) })), 'Model x (id, k)')
  })
})
