import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnsIn } from '../../../src/sql/postgresql/errors.ts'

test('columns are found in what the server says of a key, whatever their names and the language', () => {
  assert.deepEqual(columnsIn('Key (email)=(a@b) already exists.'), ['email'])
  assert.deepEqual(columnsIn('Key (a, b)=(1, )=( ) already exists.'), ['a', 'b'])
  assert.deepEqual(
    columnsIn('Schlüssel »(größe, "An ""odd"", name)=(")=(1, 2)« existiert bereits.'),
    ['größe', 'An "odd", name)=('],
  )
  assert.deepEqual(columnsIn('Key (lower(email))=(a) already exists.'), [])
  assert.deepEqual(columnsIn(''), [])
})
