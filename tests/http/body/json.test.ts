import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isJSONType, parseJSON, readJSON, requireJSONType } from '../../../src/http/body/json.ts'
import { BadRequest, HTTPError } from '../../../src/http/errors.ts'
import { serve } from './serve.ts'

test('JSON types are application/json and application/*+json, whatever their parameters', () => {
  const yes = [
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;foo',
    'application/vnd.api+json',
    'application/problem+json ; x=y',
  ]
  const no = ['text/json', 'application/jsonp', 'application/+json', 'application/x+jsonx', '', 'x']
  assert.deepEqual(yes.filter(isJSONType), yes)
  assert.deepEqual([undefined, ...no].filter(isJSONType), [])
})

test('another type, and another charset than UTF-8, is 415', () => {
  requireJSONType('application/json; charset="UTF-8"')
  assert.throws(() => requireJSONType(undefined), { status: 415, message: 'Request must be JSON' })
  assert.throws(() => requireJSONType('text/plain'), { status: 415 })
  assert.throws(() => requireJSONType('application/json; charset=latin1'), { status: 415 })
})

test('any JSON value comes back, with white space and a byte order mark around it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.boolean(), (value, marked) => {
      const text = `${marked ? '\ufeff' : ''} \n${JSON.stringify(value)}\r\n\t`
      assert.deepEqual(parseJSON(Buffer.from(text)), JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('any bytes are a value or a 400', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        parseJSON(Buffer.from(bytes))
      } catch (error) {
        assert.ok(error instanceof BadRequest)
      }
    }),
  )
})

test('what JSON does not have is malformed', () => {
  for (const text of [
    '',
    ' ',
    'NaN',
    '{"a": Infinity}',
    "{'a': 1}",
    '{"a": 1,}',
    '01',
    '1 2',
    '"\n"',
  ]) {
    assert.throws(() => parseJSON(Buffer.from(text)), { status: 400 }, text)
  }
  assert.throws(() => parseJSON(Buffer.from([0x22, 0xff, 0x22])), /not UTF-8/)
})

test('the message tells the place and quotes nothing', () => {
  const place = (text: string): string => {
    try {
      parseJSON(Buffer.from(text))
      return 'fine'
    } catch (error) {
      return error instanceof HTTPError ? error.message : ''
    }
  }
  const at = (what: string): string => `Malformed JSON: ${what}.`
  assert.equal(place('{"title"'), at('unexpected end at position 8 (line 1, column 9)'))
  assert.equal(place("{'title': 1}"), at('error at position 1 (line 1, column 2)'))
  assert.equal(place('[1,\n 2,]'), at('error at position 7 (line 2, column 4)'))
  assert.equal(place('{"a": NaN}'), at('error at position 6 (line 1, column 7)'))
  assert.equal(place('NaN'), at('error at position 0 (line 1, column 1)'))
  assert.equal(
    place('[" in JSON at position 3 (line", x]'),
    at('error at position 33 (line 1, column 34)'),
  )
  assert.equal(place(`["${'y'.repeat(9000)}", secret]`), at('unexpected token'))
})

test('the place of a spoiled text is never after the spoilt character', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.nat(), (value, seed) => {
      const text = JSON.stringify(value)
      const spot = seed % (text.length + 1)
      const spoilt = `${text.slice(0, spot)}\u0007${text.slice(spot)}`
      try {
        parseJSON(Buffer.from(spoilt))
        assert.fail('it is still JSON')
      } catch (error) {
        const found = /position (\d+)/.exec(String(error))?.[1]
        assert.equal(Number(found), spot)
      }
    }),
  )
})

test('a repeated member counts last, and __proto__ is a member like any other', () => {
  assert.deepEqual(parseJSON(Buffer.from('{"a":1,"a":2}')), { a: 2 })
  const value = parseJSON(Buffer.from('{"__proto__":{"admin":true},"constructor":1}'))
  assert.ok(value instanceof Object)
  assert.deepEqual(Object.keys(value), ['__proto__', 'constructor'])
  assert.ok(!('admin' in value))
})

test('JSON that is nested too deeply is refused, brackets in strings do not count', () => {
  const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth))
  assert.ok(parseJSON(nested(200)))
  assert.throws(() => parseJSON(nested(201)), { status: 400 })
  assert.throws(() => parseJSON(nested(100_000)), { status: 400 })
  assert.throws(() => parseJSON(Buffer.from('{"a":'.repeat(300))), { status: 400 })
  assert.ok(parseJSON(Buffer.from(JSON.stringify('\\"['.repeat(1000)))))
  assert.ok(parseJSON(Buffer.from(JSON.stringify(Array.from({ length: 300 }, () => [{}])))))
  assert.throws(() => parseJSON(nested(3), 2), { status: 400 })
})

test('a request is read as JSON', async () => {
  await using server = await serve(async (request, response) => {
    response.end(JSON.stringify(await readJSON(request, { maxBytes: 100 })))
  })
  const send = (body: string, type = 'application/json'): Promise<Response> =>
    fetch(server.url, { method: 'POST', body, headers: { 'content-type': type } })
  assert.deepEqual(await (await send('{"é":[1]}')).json(), { é: [1] })
  assert.equal((await send('')).status, 400)
  assert.equal((await send('{}', 'text/plain')).status, 415)
  assert.equal((await send(`"${'x'.repeat(100)}"`)).status, 413)
})
