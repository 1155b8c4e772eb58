import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { z } from 'zod'
import { fromText } from '../../../src/app/config/text.ts'

test('text is read as what the schema expects', () => {
  const cases: [z.ZodType, string, unknown][] = [
    [z.string(), ' 1 ', ' 1 '],
    [z.int(), '20', 20],
    [z.int(), '2.5', '2.5'],
    [z.number(), '2.5', 2.5],
    [z.number().int().optional(), '0x10', '0x10'],
    [z.bigint(), '9007199254740993', 9_007_199_254_740_993n],
    [z.boolean().default(true), 'off', false],
    [z.boolean(), 'maybe', 'maybe'],
    [z.date().nullable(), '2026-01-02', new Date('2026-01-02')],
    [z.enum(['a', 'b']), 'a', 'a'],
    [z.literal([1, 2]), '2', 2],
    [z.union([z.int(), z.literal('auto')]), '4', 4],
    [z.union([z.int(), z.literal('auto')]), 'auto', 'auto'],
    [z.union([z.int(), z.literal('auto')]), 'no', 'no'],
    [z.array(z.string()).readonly(), 'a, b', ['a', 'b']],
    [z.array(z.int()), '1,2,x', [1, 2, 'x']],
    [z.array(z.object({})), '[{}]', [{}]],
    [z.object({ a: z.int() }), '{"a":1}', { a: 1 }],
    [z.record(z.string(), z.int()), '{', '{'],
    [z.lazy(() => z.int()).catch(1), '3', 3],
    [z.int().transform((n) => n + 1), '3', 3],
    [z.stringbool(), 'yes', 'yes'],
  ]
  for (const [schema, text, value] of cases) {
    assert.deepEqual(fromText(schema, text), value, `${schema.type} ${text}`)
  }
})

test('every whole number and boolean comes back', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.boolean(), (number, flag) => {
      assert.equal(fromText(z.int(), String(number)), number)
      assert.equal(fromText(z.boolean(), String(flag)), flag)
    }),
  )
})
