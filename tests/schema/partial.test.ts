import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { z } from 'zod'
import { compileLoad, load } from '../../src/schema/load.ts'
import { partial } from '../../src/schema/partial.ts'
import { excludeUnknown } from '../../src/schema/unknown_members.ts'

const Task = z.object({
  title: z.string().min(1),
  status: z.enum(['pending', 'completed']).default('pending'),
  note: z.string().default('none').nullable(),
  size: z.int().prefault(1).optional(),
  limit: z.int().default(5).catch(20),
  label: z.string().default('x').readonly(),
  name: z
    .string()
    .default('x')
    .transform((name) => name.toUpperCase()),
})

suite('partial', () => {
  test('what is absent stays absent', () => {
    const value: { title?: string | undefined; note?: string | null | undefined } = load(
      partial(Task),
      {},
    )
    assert.deepEqual(value, {})
  })

  test('what is given is checked and converted as before', () => {
    const given = { title: 'x', note: null, limit: 'bad', name: 'n' }
    assert.deepEqual(load(partial(Task), given), { title: 'x', note: null, limit: 20, name: 'N' })
    assert.deepEqual(compileLoad(partial(Task))({ title: '', status: null, x: 1 }), {
      ok: false,
      errors: {
        title: ['Shorter than minimum length 1.'],
        status: ['Field may not be null.'],
        x: ['Unknown field.'],
      },
    })
  })

  test('what becomes of unknown members stays as it was', () => {
    assert.deepEqual(load(partial(excludeUnknown(Task)), { x: 1 }), {})
    assert.deepEqual(load(partial(z.looseObject({ a: z.int() })), { x: 1 }), { x: 1 })
  })

  test('a recursive object may be partial', () => {
    const Node = z.object({
      name: z.string(),
      get child() {
        return Node.optional()
      },
    })
    assert.deepEqual(load(partial(Node), { child: { name: 'x' } }), { child: { name: 'x' } })
  })

  test('refinements of the whole are refused, and may be added after', () => {
    const refined = z.object({ a: z.int(), b: z.int() }).refine(({ a, b }) => a < b)
    assert.throws(() => partial(refined), { name: 'TypeError', message: /without refinements/ })
    const after = partial(z.object({ a: z.int() })).refine(({ a }) => a !== 1, 'One.')
    assert.deepEqual(compileLoad(after)({ a: 1 }), { ok: false, errors: { _schema: ['One.'] } })
  })
})
