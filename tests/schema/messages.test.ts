import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { z } from 'zod'
import { compileLoad } from '../../src/schema/load.ts'
import type { Messages } from '../../src/schema/messages.ts'

/** What is said about one value of a field. */
function said(schema: z.ZodType, value: unknown, messages: Messages = {}): unknown {
  const loaded = compileLoad(z.object({ f: schema }), { messages })(
    value === undefined ? {} : { f: value },
  )
  assert.ok(!(loaded instanceof Promise) && !loaded.ok, 'was accepted')
  return loaded.errors.f
}

const A = z.object({ k: z.literal('a'), n: z.int() })
const B = z.object({ k: z.literal('b'), s: z.string(), t: z.string() })

suite('messages', () => {
  for (const [name, schema, value, ...expected] of [
    ['missing', z.string(), undefined, 'Missing data for required field.'],
    ['missing enum', z.enum(['a']), undefined, 'Missing data for required field.'],
    ['missing union', z.union([z.int(), z.null()]), undefined, 'Missing data for required field.'],
    ['missing any of a kind', z.instanceof(Date), undefined, 'Missing data for required field.'],
    ['null', z.string(), null, 'Field may not be null.'],
    ['null enum', z.enum(['a']), null, 'Field may not be null.'],
    ['null object', A, null, 'Field may not be null.'],
    ['null union', z.union([z.int(), z.string()]), null, 'Field may not be null.'],
    ['string', z.string(), 5, 'Not a valid string.'],
    ['integer given text', z.int(), '5', 'Not a valid integer.'],
    ['integer with a fraction', z.number().int(), 5.5, 'Not a valid integer.'],
    ['integer of 32 bits', z.int32(), true, 'Not a valid integer.'],
    ['integer too large', z.int(), 1e20, 'Must be less than or equal to 9007199254740991.'],
    ['number', z.number(), '5', 'Not a valid number.'],
    ['boolean', z.boolean(), 1, 'Not a valid boolean.'],
    ['date', z.iso.date(), '31/12/2026', 'Not a valid date.'],
    ['date that is not text', z.iso.date(), 5, 'Not a valid date.'],
    ['day that is not', z.iso.date(), '2026-02-30', 'Not a valid date.'],
    ['datetime', z.iso.datetime(), 'x', 'Not a valid datetime.'],
    ['time', z.iso.time(), 'x', 'Not a valid time.'],
    ['UUID', z.uuid(), 'x', 'Not a valid UUID.'],
    ['email', z.email(), 'x', 'Not a valid email address.'],
    ['email that is not text', z.email(), 5, 'Not a valid string.'],
    ['URL', z.url(), 'x', 'Not a valid URL.'],
    ['IPv4', z.ipv4(), 'x', 'Not a valid IPv4 address.'],
    ['IPv6', z.ipv6(), 'x', 'Not a valid IPv6 address.'],
    ['other format', z.base64(), '?', 'Not a valid base64.'],
    ['list', z.array(z.int()), {}, 'Not a valid list.'],
    ['object', A, [], 'Not a valid mapping type.'],
    ['record', z.record(z.string(), z.int()), 'x', 'Not a valid mapping type.'],
    ['enum', z.enum(['a', 'b']), 'c', 'Must be one of: a, b.'],
    ['literal', z.literal([1, true, null]), 2, 'Must be one of: 1, true, null.'],
    ['short', z.string().min(2), '', 'Shorter than minimum length 2.'],
    ['long', z.string().max(2), 'abc', 'Longer than maximum length 2.'],
    ['length between', z.string().min(1).max(2), '', 'Length must be between 1 and 2.'],
    ['exact length', z.string().length(2), 'abc', 'Length must be 2.'],
    ['short list', z.array(z.int()).min(1), [], 'Shorter than minimum length 1.'],
    ['small', z.int().min(1), 0, 'Must be greater than or equal to 1.'],
    ['large', z.number().max(5), 6, 'Must be less than or equal to 5.'],
    ['not above', z.number().gt(0), 0, 'Must be greater than 0.'],
    ['not below', z.number().lt(5), 5, 'Must be less than 5.'],
    [
      'early',
      z.date().min(new Date('2026-01-01')),
      '2025-01-01',
      'Must be greater than or equal to 2026-01-01T00:00:00.000Z.',
    ],
    ['multiple', z.int().multipleOf(5), 6, 'Must be a multiple of 5.'],
    ['pattern', z.string().regex(/^a/), 'b', 'String does not match expected pattern.'],
    ['start', z.string().startsWith('a'), 'b', 'String does not match expected pattern.'],
    ['refinement without words', z.string().refine(() => false), 'a', 'Invalid value.'],
    [
      'several',
      z.number().positive().multipleOf(5),
      -1,
      'Must be greater than 0.',
      'Must be a multiple of 5.',
    ],
    ['no member fits', z.union([z.string(), z.int()]), {}, 'Invalid value.'],
    ['only null fits besides', z.union([z.int(), z.null()]), 'x', 'Not a valid integer.'],
    ['object among others', z.union([A, z.null()]), 'x', 'Not a valid mapping type.'],
  ] as const) {
    test(name, () => assert.deepEqual(said(schema, value), expected))
  }

  test('a union speaks for the member that fits best', () => {
    const union = z.union([
      z.object({ a: z.string(), b: z.string() }),
      z.object({ c: z.int() }),
      z.string(),
    ])
    assert.deepEqual(said(union, { c: 'x' }), { c: ['Not a valid integer.'] })
    assert.deepEqual(said(z.array(union), [{ c: {} }]), { 0: { c: ['Not a valid integer.'] } })
  })

  test('a discriminated union names the choices, or speaks for the chosen member', () => {
    const union = z.discriminatedUnion('k', [A, B])
    assert.deepEqual(said(union, { k: 'z' }), { k: ['Must be one of: a, b.'] })
    assert.deepEqual(said(union, {}), { k: ['Missing data for required field.'] })
    assert.deepEqual(said(union, { k: null }), { k: ['Field may not be null.'] })
    assert.deepEqual(said(union, { k: 'a', n: 'x' }), { n: ['Not a valid integer.'] })
    assert.deepEqual(said(union, 5), ['Not a valid mapping type.'])
  })

  test('a bad key of a record is reported at that key', () => {
    assert.deepEqual(said(z.record(z.string().min(2), z.int()), { x: 1 }), {
      x: ['Shorter than minimum length 2.'],
    })
  })

  test('the schema’s own words win over the app’s, and those over ours', () => {
    const messages: Messages = {
      required: 'Give one.',
      string: 'Text, please.',
      unknown: 'What is this?',
      minLength: (issue) => `At least ${String(issue.minimum)}.`,
      invalid: 'No.',
    }
    assert.deepEqual(said(z.string(), undefined, messages), ['Give one.'])
    assert.deepEqual(said(z.string('Mine.'), 5, messages), ['Mine.'])
    assert.deepEqual(
      said(
        z.string({ error: (issue) => (issue.input === undefined ? 'Needed.' : undefined) }),
        undefined,
        messages,
      ),
      ['Needed.'],
    )
    assert.deepEqual(
      said(
        z.string({ error: (issue) => (issue.input === undefined ? 'Needed.' : undefined) }),
        5,
        messages,
      ),
      ['Text, please.'],
    )
    assert.deepEqual(said(z.string().min(3), 'x', messages), ['At least 3.'])
    assert.deepEqual(said(z.string().min(3, 'Too short.'), 'x', messages), ['Too short.'])
    assert.deepEqual(said(z.email('Mail.').min(3), 5, messages), ['Mail.'])
    assert.deepEqual(said(z.union([A, z.int()], 'Either.'), 'x', messages), ['Either.'])
    assert.deepEqual(said(z.union([z.string(), z.int()]), {}, messages), ['No.'])
    assert.deepEqual(said(z.object({}), { x: 1 }, messages), { x: ['What is this?'] })
    assert.deepEqual(said(z.strictObject({}, 'Mine.'), { x: 1 }, messages), { x: ['Mine.'] })
    assert.deepEqual(
      said(
        z.string().superRefine((_, c) => c.addIssue('Said.')),
        'x',
        messages,
      ),
      ['Said.'],
    )
  })

  test('a refinement may speak for another field', () => {
    const Passwords = z
      .object({ password: z.string(), again: z.string() })
      .refine((v) => v.password === v.again, { path: ['again'], error: 'Not the same.' })
    assert.deepEqual(said(Passwords, { password: 'a', again: 'b' }), { again: ['Not the same.'] })
  })
})
