import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { z } from 'zod'
import { compileLoad, load, loadAsync } from '../../src/schema/load.ts'

const later = () => new Promise<void>((resolve) => void setImmediate(resolve))

suite('asynchronous schemas', () => {
  test('report with everything else, the first time and after', async () => {
    const free = async (name: string) => later().then(() => name !== 'taken')
    const loader = compileLoad(z.object({ name: z.string().refine(free, 'Taken.'), age: z.int() }))
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(await loader({ name: 'taken', age: 'x', y: 1 }), {
        ok: false,
        errors: { name: ['Taken.'], age: ['Not a valid integer.'], y: ['Unknown field.'] },
      })
      assert.deepEqual(await loader({ name: 'free', age: 1 }), {
        ok: true,
        value: { name: 'free', age: 1 },
      })
    }
  })

  const fails = async () => later().then(() => Promise.reject(new Error('no database')))
  for (const [name, schema] of [
    ['refinement', z.object({ a: z.string().refine(fails) })],
    ['superRefine', z.object({ a: z.string() }).superRefine(fails)],
    ['transform', z.object({ a: z.string().transform(fails) })],
    ['codec', z.object({ a: z.codec(z.string(), z.any(), { decode: fails, encode: () => '' }) })],
    ['custom schema', z.object({ a: z.custom(fails) })],
    ['preprocess', z.object({ a: z.preprocess(fails, z.any()) })],
  ] as const) {
    test(`a ${name} that rejects rejects the load, and nothing else in the process`, async () => {
      const stray: unknown[] = []
      const note = (reason: unknown) => void stray.push(reason)
      process.on('unhandledRejection', note)
      await assert.rejects(async () => loadAsync(schema, { a: 'x' }), { message: 'no database' })
      await assert.rejects(async () => loadAsync(schema, { a: 'x' }), { message: 'no database' })
      await later()
      process.off('unhandledRejection', note)
      assert.deepEqual(stray, [])
    })
  }

  test('load says that they need loadAsync', () => {
    const schema = z.object({ a: z.string().refine(async () => true) })
    assert.throws(() => load(schema, { a: 'x' }), { name: 'TypeError', message: /loadAsync/ })
  })

  test('may load synchronously on their way', async () => {
    const known = async (name: string) => later().then(() => name === 'x')
    const Name = z.string().refine((name) => load(z.string(), name) === name && known(name))
    assert.equal(await loadAsync(Name, 'x'), 'x')
    assert.equal(await loadAsync(Name, 'x'), 'x')
  })

  test('two at once do not see each other', async () => {
    const schema = z.object({ n: z.int().transform(async (n) => later().then(() => n)) })
    const loader = compileLoad(schema)
    const loaded = await Promise.all([1, 2, 3].map(async (n) => loader({ n })))
    assert.deepEqual(
      loaded,
      [1, 2, 3].map((n) => ({ ok: true, value: { n } })),
    )
  })
})
