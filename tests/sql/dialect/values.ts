import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  bigint,
  binary,
  boolean,
  database,
  DataError,
  databaseNow,
  date,
  datetime,
  decimal,
  enumeration,
  float,
  id,
  type Insert,
  integer,
  json,
  model,
  newUuid,
  NotNullViolation,
  string,
  sum,
  text,
  time,
  uuid,
} from 'dewar/db'
import { z } from 'dewar/schema'
import { openApp, type TestedDialect } from './tested.ts'

const Sample = model('samples', {
  id: id(),
  whole: integer().nullable(),
  big: bigint().nullable(),
  real: float().nullable(),
  money: decimal(18, 4).nullable(),
  count: decimal(18, 0).nullable(),
  label: string(20).nullable(),
  note: text().nullable(),
  is_on: boolean().nullable(),
  at: datetime().nullable(),
  day: date().nullable(),
  hour: time().nullable(),
  key: uuid().nullable(),
  data: json(z.json()).nullable(),
  bytes: binary().nullable(),
  kind: enumeration(['small', "it's", 'ünï\\']).nullable(),
})
type Name = Exclude<keyof Insert<typeof Sample>, 'id'>

/** Values at the edges of what each column holds. */
const STORABLE: { readonly [K in Name]: readonly unknown[] } = {
  whole: [0, 1, -1, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  big: [0n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)],
  real: [0, 0.1, -1.5, Number.MAX_VALUE, Number.MIN_VALUE, 1 / 3, 123_456_789_012_345_680],
  money: ['0.0000', '0.0001', '-12.5000', '99999999999999.9999', '-99999999999999.9999'],
  count: ['0', '-7', '999999999999999999'],
  label: [
    '',
    ' ',
    'a ',
    ' a',
    "it's",
    '"',
    '\\',
    '\n\t\r',
    '😀'.repeat(20),
    'é',
    'e\u0301',
    '\uffff',
  ],
  note: [
    '',
    ' ',
    '%_*?[]',
    "\\'",
    '$1 ? :a',
    'x'.repeat(100_000),
    '\u{10ffff}',
    '\u0001',
    '\ufeff',
  ],
  is_on: [true, false],
  at: [
    '0001-01-01T00:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '2026-03-29T01:30:00.007Z',
    '9999-12-31T23:59:59.999Z',
  ].map((each) => new Date(each)),
  day: ['0001-01-01', '1582-10-10', '2024-02-29', '9999-12-31'],
  hour: ['00:00:00', '23:59:59', '12:30:00.007', '23:59:59.999', '18:00:00.250'],
  key: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  data: [{}, [], 0, '', 'a"\\\n😀', true, { a: [1, null, { b: '' }] }, -1.5e-7, 'x'.repeat(70_000)],
  bytes: [[], [0], [0, 255, 39, 92, 10], Array.from({ length: 70_000 }, (_, i) => i % 256)].map(
    (bytes) => new Uint8Array(bytes),
  ),
  kind: ['small', "it's", 'ünï\\'],
}

const REFUSED: { readonly [K in Name]: readonly unknown[] } = {
  whole: [2 ** 53, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n, true],
  big: [2n ** 63n, -(2n ** 63n) - 1n, 1, '1'],
  real: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, '1', 1n],
  money: ['1.00001', '100000000000000', '1e3', '', 'NaN', 1],
  count: ['0.5', '1000000000000000000'],
  label: ['a\0', '\ud83d', '\udc00a', 5],
  note: ['\0', 'a\ud800b'],
  is_on: [1, 'true'],
  at: ['2026-01-01', new Date(Number.NaN), new Date('-000001-01-01'), new Date(8.64e15)],
  day: ['2026-02-30', '0000-01-01', '10000-01-01', '2026-1-1', '2026-01-01T00:00:00Z'],
  hour: ['24:00', '12:60:00', '12:00:00.0001', 'noon', '-01:00:00'],
  key: ['x', '00000000-0000-0000-0000-00000000000g', ''],
  data: [undefined, 1n, '\0', { a: '\ud800' }].filter((value) => value !== undefined),
  bytes: ['AA==', [1]],
  kind: [1],
}

const Made = model('made', {
  id: id(),
  label: string(20),
  whole: integer().default(-7),
  big: bigint().default(2n ** 63n - 1n),
  real: float().default(0.1),
  money: decimal(9, 2).default('-1.50'),
  text: string(40).default('it\'s "a\\b" 😀 ?'),
  is_on: boolean().default(true),
  at: datetime().default(new Date('2026-01-02T03:04:05.006Z')),
  day: date().default('2024-02-29'),
  hour: time().default('18:30:00.250'),
  key: uuid().default('00000000-0000-4000-8000-000000000000'),
  data: json(z.json()).default({ a: ["it's", 1] }),
  bytes: binary().default(new Uint8Array([0, 255])),
  kind: enumeration(['a', 'b']).default('b'),
})
const Stamped = model('stamped', {
  key: uuid().primary().default(newUuid),
  label: string(20),
  by_database: datetime().default(databaseNow),
  by_function: datetime().default((at) => at),
})

const db = database([Sample, Made, Stamped])

export function valuesSuite(dialect: TestedDialect): void {
  suite('values', () => {
    test('come back as they were written, and are found by what they are', async () => {
      await using opened = await openApp(db, dialect)
      for (const [name, values] of Object.entries(STORABLE)) {
        for (const value of values) {
          await opened.unit(async () => {
            const what = `${name} ${String(value).slice(0, 40)}`
            const row = await db.insert(Sample, { [name]: value })
            const expected = Object.fromEntries(Object.keys(row).map((key) => [key, null]))
            assert.deepEqual(row, { ...expected, id: row.id, [name]: value }, what)
            assert.deepEqual(await db.get(Sample, row.id), row, what)
            await db.update(Sample, row.id, { [name]: null })
            assert.deepEqual(await db.update(Sample, row.id, { [name]: value }), row, what)
            if (name === 'data' || name === 'bytes') return
            const found = await db.find(Sample).where({ [name]: value })
            assert.deepEqual(found, [row], what)
          })
        }
      }
    })

    test('come back by Kysely too, those that no column has included', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(async () => {
        for (const [name, values] of Object.entries(STORABLE)) {
          for (const value of values) {
            const row = await db.insert(Sample, { [name]: value })
            const read = await db.kysely
              .selectFrom('samples as s')
              .selectAll('s')
              .where('s.id', '=', row.id)
              .executeTakeFirstOrThrow()
            assert.deepEqual(read, row, name)
          }
        }
        const { n, last } = await db.kysely
          .selectFrom('samples')
          .select((eb) => [eb.fn.countAll().as('n'), eb.fn.max('note').as('last')])
          .executeTakeFirstOrThrow()
        assert.equal(Number(n), await db.find(Sample).count())
        assert.equal(last, '\u{10ffff}')
      })
    })

    test('that no database can hold are typed errors with the column', async () => {
      await using opened = await openApp(db, dialect)
      for (const [name, values] of Object.entries(REFUSED)) {
        for (const value of values) {
          const what = `${name} ${String(value)}`
          await assert.rejects(
            opened.unit(() => db.insert(Sample, { [name]: value })),
            (error) => error instanceof DataError && error.column === name,
            what,
          )
        }
      }
      assert.equal(await opened.unit(() => db.find(Sample).count()), 0)
    })

    test('have defaults of the model, and the same of the database', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(async () => {
        const { id: first, ...byModel } = await db.insert(Made, { label: 'a' })
        const label = { label: 'a' } as Insert<typeof Made> & { label: string }
        await db.kysely.insertInto('made').values(label).execute()
        const { id: second, ...byDatabase } = (await db
          .find(Made)
          .orderBy('-id')
          .limit(1)
          .first()) as Required<Insert<typeof Made>>
        assert.deepEqual(byDatabase, byModel)
        assert.equal(byModel.text, 'it\'s "a\\b" 😀 ?')
        assert.ok(Number(second) > first)
      })
    })

    test('have defaults by function, and the time of the database in milliseconds', async () => {
      await using opened = await openApp(db, dialect)
      const row = await opened.unit(() => db.insert(Stamped, { label: 'a' }))
      assert.match(row.key, /^[\da-f-]{36}$/)
      for (const at of [row.by_database, row.by_function]) {
        assert.ok(Math.abs(Date.now() - at.getTime()) < 3_600_000, at.toISOString())
      }
      assert.deepEqual(await opened.unit(() => db.get(Stamped, row.key)), row)
      const label = null as unknown as string
      await assert.rejects(
        opened.unit(() => db.insert(Stamped, { label })),
        (error) => error instanceof NotNullViolation && error.column === 'label',
      )
    })

    test('of numbers add up and sort exactly', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(async () => {
        const money = ['0.1000', '0.2000', '-10.0000', '99999999999999.0000', '9.0000']
        const big = [2n ** 53n, 1n, 2n ** 62n, -(2n ** 61n), 10n]
        await db.insertMany(
          Sample,
          money.map((each, i) => ({ money: each, big: big[i]!, whole: i })),
        )
        const [sums] = await db
          .find(Sample)
          .aggregate({ money: sum('money'), big: sum('big'), whole: sum('whole') })
        assert.deepEqual(sums, {
          money: '99999999999998.3000',
          big: big.reduce((a, b) => a + b),
          whole: 10,
        })
        const byMoney = await db.find(Sample).orderBy('money')
        assert.deepEqual(
          byMoney.map((row) => row.money),
          ['-10.0000', '0.1000', '0.2000', '9.0000', '99999999999999.0000'],
        )
        const byBig = await db
          .find(Sample)
          .orderBy('-big')
          .where({ big: { gt: 2n ** 53n - 1n } })
        assert.deepEqual(
          byBig.map((row) => row.big),
          [2n ** 62n, 2n ** 53n],
        )
      })
    })

    test('are compared with any number, also with what no column holds', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(async () => {
        await db.insertMany(
          Sample,
          [-3, 0, 3].map((whole) => ({ whole })),
        )
        const wholes = async (whole: object | number) =>
          (await db.find(Sample).where({ whole }).orderBy('whole')).map((row) => row.whole)
        assert.deepEqual(await wholes({ gt: 2.5 }), [3])
        assert.deepEqual(await wholes({ gte: -0.5 }), [0, 3])
        assert.deepEqual(await wholes({ lt: 2.5 }), [-3, 0])
        assert.deepEqual(await wholes({ lte: -0.5 }), [-3])
        assert.deepEqual(await wholes(0.5), [])
        assert.deepEqual(await wholes({ ne: 0.5 }), [-3, 0, 3])
        assert.deepEqual(await wholes({ in: [0.5, 3, 2 ** 80] }), [3])
        assert.deepEqual(await wholes(2 ** 80), [])
        assert.deepEqual(await wholes({ lt: 2 ** 80, gt: -(2 ** 80) }), [-3, 0, 3])
        assert.deepEqual(await wholes({ lt: Number.POSITIVE_INFINITY }), [-3, 0, 3])
        assert.equal(await db.get(Sample, 2 ** 70), undefined)
      })
    })
  })
}
