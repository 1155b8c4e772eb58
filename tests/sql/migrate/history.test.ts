import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { column } from '../../../src/sql/migrate/column_definitions.ts'
import { History } from '../../../src/sql/migrate/history.ts'
import { Migrator } from '../../../src/sql/migrate/migrator.ts'
import { defineRevision, type Revision } from '../../../src/sql/migrate/revision.ts'
import { DATABASES, withSchema } from './databases.ts'

/** Makes a table of its own. */
function revision(id: string, ...parents: string[]): Revision {
  return defineRevision({
    id,
    parents,
    message: `about ${id}`,
    date: `2026-01-01T00:00:${id.slice(0, 2)}`,
    upgrade: (op) => op.createTable(`t_${id}`, { id: column.id() }),
    downgrade: (op) => op.dropTable(`t_${id}`),
  })
}

const line = ['10aa', '11aa', '12bb', '13cc'].map((id, i, ids) =>
  i === 0 ? revision(id) : revision(id, ids[i - 1]!),
)

suite('a history', () => {
  test('refuses what does not fit together', () => {
    assert.throws(
      () => new History([revision('10aa', '99zz')]),
      /10aa follows 99zz, which has no file/,
    )
    assert.throws(
      () => new History([revision('10aa'), revision('10aa')]),
      /Two revisions have the id 10aa/,
    )
    const circle = [revision('10aa', '11aa'), revision('11aa', '10aa')]
    assert.throws(() => new History(circle), /comes before itself/)
  })

  test('finds revisions by the beginning of their id, and lists those that there are', () => {
    const history = new History(line)
    assert.equal(history.find('12').id, '12bb')
    assert.equal(history.find('head').id, '13cc')
    assert.throws(
      () => history.find('1'),
      /"1" could be several revisions. Known are:\n {2}13cc \(about 13cc\)/,
    )
    assert.throws(() => history.find('nope'), /"nope" is no revision. Known are:/)
  })

  test('says what to do with two heads', () => {
    const history = new History([...line, revision('14dd', '12bb')])
    assert.throws(() => history.requireOneHead(), /several heads: 13cc .*; 14dd .*dewar db merge/)
  })

  test('names the revision that cannot be', () => {
    const twice = defineRevision({ ...revision('11aa', '10aa'), upgrade: line[0]!.upgrade })
    const history = new History([line[0]!, twice])
    assert.throws(
      () => history.schemaAt(['11aa']),
      /Revision 11aa \(about 11aa\): There is a table "t_10aa"/,
    )
  })
})

for (const database of DATABASES) {
  suite(`moving on ${database.name}`, { skip: database.skip }, () => {
    test('goes forth and back by names, numbers and merges', () =>
      withSchema(database, async (opened) => {
        const merged = [...line, revision('14dd', '12bb'), revision('15ee', '13cc', '14dd')]
        const connection = await opened.openScratch()
        try {
          const migrator = new Migrator(new History(merged), connection, { print: () => {} })
          const heads = async () => (await migrator.position()).heads
          assert.equal(await heads(), undefined)
          assert.equal(await migrator.upgrade('+2'), 2)
          assert.deepEqual(await heads(), ['11aa'])
          assert.equal(await migrator.upgrade('13'), 2)
          assert.equal(await migrator.upgrade(), 2)
          assert.equal(await migrator.upgrade(), 0)
          assert.deepEqual(await heads(), ['15ee'])
          await assert.rejects(migrator.upgrade('+1'), /There are 0 revisions left, not 1/)
          assert.equal(await migrator.downgrade('-1'), 1)
          assert.deepEqual(await heads(), ['13cc', '14dd'])
          await assert.rejects(migrator.downgrade('-1'), /several heads/)
          assert.equal(await migrator.downgrade('12bb'), 2)
          await assert.rejects(
            migrator.downgrade('13cc'),
            /does not have 13cc .* It has:\n {2}12bb/,
          )
          await assert.rejects(migrator.downgrade('-9'), /has 3 revisions, not 9/)
          assert.equal(await migrator.downgrade('base'), 3)
          assert.deepEqual(await heads(), [])
          await migrator.stamp(['13cc'])
          assert.deepEqual(await heads(), ['13cc'])
          const shorter = new Migrator(new History(line.slice(0, 2)), connection, {
            print: () => {},
          })
          await assert.rejects(shorter.upgrade(), /no file of the revision 13cc/)
        } finally {
          await connection.close()
        }
      }))

    test('of two at once, one waits and finds all done', () =>
      withSchema(database, (one) =>
        withSchema(database, async (other) => {
          const history = new History(line)
          const said: string[] = []
          const print = (text: string) => void said.push(text)
          const counts = await Promise.all(
            [one, other].map((each) => new Migrator(history, each, { print }).upgrade()),
          )
          assert.equal(counts[0]! + counts[1]!, 4)
          assert.deepEqual((await new Migrator(history, one, { print }).position()).heads, ['13cc'])
        }),
      ))
  })
}
