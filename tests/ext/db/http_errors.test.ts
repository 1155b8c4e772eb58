import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ConnectionLost,
  Deadlock,
  SerializationFailure,
  StatementCancelled,
  StatementTimeout,
} from 'dewar/db'
import { testClient } from 'dewar/testing'
import { bank } from './fixtures.ts'

test('what a server could not do now is a 503 that says when to try again', async () => {
  const app = bank()
  const errors: Record<string, Error> = {
    serialization: new SerializationFailure(),
    deadlock: new Deadlock(),
    timeout: new StatementTimeout(),
    cancelled: new StatementCancelled(),
    lost: new ConnectionLost(),
  }
  app.get('/<name>', ({ params }) => {
    throw errors[params.name]!
  })
  await using client = testClient(app, { raises: false })
  const answers = await Promise.all(Object.keys(errors).map((name) => client.get(`/${name}`)))
  assert.deepEqual(
    answers.map((answer) => [answer.status, answer.json().code, answer.headers['retry-after']]),
    [
      [503, 'transaction_conflict', '1'],
      [503, 'transaction_conflict', '1'],
      [503, 'database_timeout', '1'],
      [503, 'database_timeout', '1'],
      [503, 'database_unavailable', '1'],
    ],
  )
})
