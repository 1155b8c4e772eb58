import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { database, id, integer, model, string, text, UniqueViolation } from 'dewar/db'
import { openApp, type TestedDialect } from './tested.ts'

const Word = model('words', {
  id: id(),
  word: string(20).unique(),
  note: text().nullable(),
  size: integer().nullable().index(),
})
const db = database([Word])

/** Different by code point, though some collations take them for the same. */
const WORDS = [
  '',
  ' ',
  'a',
  'A',
  'a ',
  'a  ',
  ' a',
  'á',
  'a\u0301',
  'ab',
  'aB',
  'Ab',
  'b%',
  'b_',
  'b\\',
  'ß',
  'ss',
  'ı',
  'i',
  'I',
  '-a',
  'a-',
  'Æ',
  'AE',
  '\ufb01',
  'fi',
  '\uffff',
  '😀',
  '😁',
  '\u{10ffff}',
  '０',
  '0',
  "'",
  '"',
  '*',
  '?',
  '[a]',
  '\t',
  'x\ny',
  '\u200d',
  '\u00ad',
]

export function textSuite(dialect: TestedDialect): void {
  suite('text', () => {
    test('is the same, unique and in order by code point, case and trailing spaces included', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(() =>
        db.insertMany(
          Word,
          WORDS.map((word) => ({ word, note: word })),
        ),
      )
      const read = async (order: 'word' | '-word' | 'note') =>
        (await opened.unit(() => db.find(Word).orderBy(order))).map((row) => row.word)
      const sorted = WORDS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      assert.deepEqual(await read('word'), sorted)
      assert.deepEqual(await read('note'), sorted)
      assert.deepEqual(await read('-word'), sorted.toReversed())
      for (const word of WORDS) {
        const found = await opened.unit(() => db.find(Word).where({ word }))
        assert.deepEqual(
          found.map((row) => row.word),
          [word],
        )
        assert.equal(await opened.unit(() => db.find(Word).where({ note: word }).count()), 1)
        await assert.rejects(
          opened.unit(() => db.insert(Word, { word })),
          UniqueViolation,
        )
      }
      const distinct = await opened.unit(() => db.find(Word).select('note').distinct())
      assert.equal(distinct.length, WORDS.length)
    })

    test('is found by what each operator says', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(() =>
        db.insertMany(
          Word,
          WORDS.map((word) => ({ word })),
        ),
      )
      const operands = [
        ...WORDS,
        '%',
        '_',
        'A%',
        '_b',
        '%b%',
        'b\\%',
        'b\\_',
        '%\\%',
        '[ab]%',
        '😀_',
        '%😀',
        '__',
      ]
      await opened.unit(async () => {
        for (const [operator, matches] of Object.entries(OPERATORS)) {
          for (const operand of operands) {
            const rows = await db
              .find(Word)
              .where({ word: { [operator]: operand } })
              .orderBy('id')
            const expected = WORDS.filter((word) => matches(word, operand))
            assert.deepEqual(
              rows.map((row) => row.word),
              expected,
              `${operator} ${operand}`,
            )
          }
        }
        for (const length of [0, 1, 3, 20, 33, WORDS.length]) {
          const list = WORDS.slice(0, length)
          const found = await db
            .find(Word)
            .where({ word: { in: list } })
            .orderBy('id')
          assert.deepEqual(
            found.map((row) => row.word),
            list,
          )
          assert.equal(
            await db
              .find(Word)
              .where({ word: { notIn: list } })
              .count(),
            WORDS.length - length,
          )
        }
        const many = Array.from({ length: 1000 }, (_, i) => `${i}`)
        assert.equal(
          await db
            .find(Word)
            .where({ word: [...many, ...WORDS] })
            .count(),
          WORDS.length,
        )
        assert.equal(
          await db
            .find(Word)
            .where({ word: { notIn: many } })
            .count(),
          WORDS.length - 1,
        )
      })
    })

    test('is never taken for SQL, nor null for a value', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(async () => {
        const word = `'); drop table x`
        await db.insertMany(Word, [
          { word, size: 2 },
          { word: 'b' },
          { word: 'c', size: 1 },
          { word: 'd' },
        ])
        assert.equal(await db.find(Word).where({ word }).count(), 1)
        assert.equal(await db.find(Word).where({ word: `' or 1=1 --` }).count(), 0)
        const words = async (order: 'size' | '-size') =>
          (await db.find(Word).orderBy(order, 'word')).map((row) => row.word)
        assert.deepEqual(await words('size'), ['b', 'd', 'c', word])
        assert.deepEqual(await words('-size'), [word, 'c', 'b', 'd'])
        assert.equal(await db.find(Word).where({ size: null }).count(), 2)
        assert.equal(
          await db
            .find(Word)
            .where({ size: { isNull: false } })
            .count(),
          2,
        )
        assert.equal(
          await db
            .find(Word)
            .where({ size: { ne: 1 } })
            .count(),
          1,
        )
        assert.equal(
          await db
            .find(Word)
            .where({ size: [1, 2, 3] })
            .count(),
          2,
        )
        assert.equal(
          await db
            .find(Word)
            .where({ size: Array.from({ length: 100 }, (_, i) => i) })
            .count(),
          2,
        )
        assert.deepEqual(await db.find(Word).orderBy('id').offset(3).select('word'), [
          { word: 'd' },
        ])
        assert.deepEqual(await db.find(Word).orderBy('id').limit(1).offset(1).select('word'), [
          { word: 'b' },
        ])
        assert.deepEqual(await db.find(Word).limit(0), [])
      })
    })
  })
}

const OPERATORS: Readonly<Record<string, (word: string, operand: string) => boolean>> = {
  eq: (word, operand) => word === operand,
  ne: (word, operand) => word !== operand,
  gt: (word, operand) => Buffer.compare(Buffer.from(word), Buffer.from(operand)) > 0,
  lte: (word, operand) => Buffer.compare(Buffer.from(word), Buffer.from(operand)) <= 0,
  contains: (word, operand) => word.includes(operand),
  startsWith: (word, operand) => word.startsWith(operand),
  like: (word, operand) => likeRegExp(operand).test(word),
}

function likeRegExp(pattern: string): RegExp {
  const source = Array.from(pattern, (c) =>
    c === '%' ? '.*' : c === '_' ? '.' : c.replace(/[$()*+.?[\\\]^{|}]/, String.raw`\$&`),
  )
  return new RegExp(`^${source.join('')}$`, 'su')
}
