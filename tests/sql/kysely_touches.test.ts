import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Compilable, type OperationNode, sql } from 'kysely'
import { id, integer, reference, string } from '../../src/sql/columns.ts'
import { statesOf } from '../../src/sql/ddl/state_of.ts'
import type { Touches } from '../../src/sql/driver.ts'
import { NodeTouches } from '../../src/sql/kysely_touches.ts'
import { model } from '../../src/sql/model.ts'
import { openSqlite, type SqliteDriver } from '../../src/sql/sqlite/driver.ts'
import { sqliteDialect } from '../../src/sql/sqlite/dialect.ts'
import { TableGraph } from '../../src/sql/table_graph.ts'
import { touching } from '../../src/sql/touching.ts'
import { newSession } from './fixtures.ts'

const A = model('a', { id: id(), n: integer(), code: string(9).unique() })
const B = model('b', {
  id: id(),
  n: integer(),
  a_id: reference(A, { onDelete: 'cascade' }).nullable(),
  a_code: string(9).nullable().references('a.code', { onUpdate: 'cascade', onDelete: 'set null' }),
})
const C = model('c', { id: id(), b_id: reference(B, { onDelete: 'set null' }).nullable() })
const D = model('d', { id: id(), c_id: reference(C, { onDelete: 'restrict' }).nullable() })

const states = statesOf([A, B, C, D])
const graph = new TableGraph(states)
const db = sqliteDialect().compiler
let driver: SqliteDriver

before(async () => {
  driver = await openSqlite({ path: undefined, synchronous: 'normal' }, { waitMs: 1000 })
  const session = newSession(driver)
  for (const text of driver.dialect.createTables(states)) {
    await session.execute({ sql: text, fetch: 'count', access: 'write' }, [])
  }
  await session.commit()
})
after(() => driver.close())

function touchesOf(query: Compilable): Touches {
  return touchesOfNode(query.compile().query)
}
function touchesOfNode(node: OperationNode, writesJoined = false): Touches {
  return new NodeTouches(node, graph, writesJoined).touches
}

/** What the tree of a query tells: `'reads a b, writes c'`. */
function told(query: Compilable): string {
  return toText(touchesOf(query))
}

function toText(touches: Touches): string {
  if (touches === 'everything') return touches
  const list = (names: ReadonlySet<string>) => [...names].toSorted().join(' ')
  return `${list(touches.reads)} > ${list(touches.writes)}`
}

suite('what the tree of a query tells', () => {
  const queries: [name: string, query: Compilable, expected: string][] = [
    ['a table', db.selectFrom('a').selectAll(), 'a > '],
    ['an alias, with columns of it', db.selectFrom('a as x').select('x.n'), 'a > '],
    ['a join', db.selectFrom('a').innerJoin('b as y', 'y.a_id', 'a.id').select('a.n'), 'a b > '],
    [
      'a subquery in a condition',
      db.selectFrom('a').selectAll().where('id', 'in', db.selectFrom('b').select('a_id')),
      'a b > ',
    ],
    [
      'a subquery as a table, and one as a column',
      db
        .selectFrom(db.selectFrom('b').selectAll().as('q'))
        .select(db.selectFrom('c').select('id').limit(1).as('c_id')),
      'b c > ',
    ],
    [
      'a union',
      db.selectFrom('a').select('id').unionAll(db.selectFrom('b').select('id')),
      'a b > ',
    ],
    [
      'a common table expression, and one that stands on it',
      db
        .with('p', (q) => q.selectFrom('a').selectAll())
        .with('q', (q) => q.selectFrom('p').innerJoin('b', 'b.a_id', 'p.id').select('p.id'))
        .selectFrom('q')
        .selectAll(),
      'a b > ',
    ],
    [
      'a recursive one',
      db
        .withRecursive('q', (q) =>
          q
            .selectFrom('b')
            .select('id')
            .unionAll((u) => u.selectFrom('q').innerJoin('b', 'b.id', 'q.id').select('b.id')),
        )
        .selectFrom('q')
        .selectAll(),
      'b > ',
    ],
    ['known functions', db.selectFrom('a').select(sql`coalesce(max(n), 0) + ${1}`.as('m')), 'a > '],
    ['an insert', db.insertInto('a').values({ n: 1, code: 'x' }), 'a > a'],
    [
      'an insert of a selection',
      db.insertInto('c').columns(['b_id']).expression(db.selectFrom('b').select('id')),
      'b c > c',
    ],
    [
      'an upsert',
      db
        .insertInto('a')
        .values({ n: 1, code: 'x' })
        .onConflict((on) => on.column('code').doUpdateSet({ n: 2 })),
      'a > a',
    ],
    [
      'an upsert of what others refer to',
      db
        .insertInto('a')
        .values({ id: 1, n: 1, code: 'x' })
        .onConflict((on) => on.column('id').doUpdateSet({ code: 'y' })),
      'a > a b',
    ],
    ['an update', db.updateTable('a').set({ n: 1 }).where('n', '=', 2), 'a > a'],
    ['an update that cascades', db.updateTable('a').set({ code: 'z' }), 'a > a b'],
    [
      'an update from another table',
      db
        .updateTable('b')
        .from('a')
        .set({ n: sql.ref('a.n') })
        .whereRef('a.id', '=', 'b.a_id'),
      'a b > b',
    ],
    ['a delete, with its cascades', db.deleteFrom('a').where('n', '=', 1), 'a > a b c'],
    ['a delete that others refuse', db.deleteFrom('c'), 'c > c'],
    ['a replace', db.replaceInto('a').values({ n: 1, code: 'x' }), 'a > a b c'],
  ]

  for (const [name, query, expected] of queries) {
    test(`of ${name}`, () => {
      assert.equal(told(query), expected)
      const touches = touchesOf(query)
      const { sql: text } = query.compile()
      driver.accessOf(text)
      const bySQLite = driver.reader.touchesOf?.(text)
      assert.ok(touches !== 'everything' && bySQLite && bySQLite !== 'everything')
      assert.deepEqual([...touches.writes].toSorted(), [...bySQLite.writes].toSorted())
      const missed = [...bySQLite.reads].filter((each) => !touches.reads.has(each))
      // SQLite also looks for keys that are referred to.
      if (touches.writes.size === 0) assert.deepEqual(missed, [])
    })
  }
})

suite('what the tree cannot tell may be anything', () => {
  const unknown: [name: string, query: Compilable | OperationNode][] = [
    ['a statement as text', sql`select * from a`.compile(db).query],
    ['a view', db.selectFrom('some_view').selectAll()],
    ['another schema', db.selectFrom('other.a').selectAll()],
    ['text with a statement', db.selectFrom('a').where('n', '>', sql<number>`(select 1 from b)`)],
    ['a table as text', db.selectFrom(sql`b`.as('q')).selectAll()],
    ['a table as text in a join', db.selectFrom('a').innerJoin(sql`b`.as('q'), 'a.id', 'q.id')],
    ['a function of one’s own', db.selectFrom('a').select(sql`forget_all(n)`.as('x'))],
    ['the same, built', db.selectFrom('a').select(({ fn }) => fn('forget_all', ['n']).as('x'))],
    ['a quoted one', db.selectFrom('a').select(sql`"max"(n)`.as('x'))],
    ['a new table', db.schema.createTable('x').addColumn('y', 'text')],
    [
      'a view beneath a name that is elsewhere a common table expression',
      db
        .selectFrom(
          db
            .with('v', (q) => q.selectFrom('a').selectAll())
            .selectFrom('v')
            .selectAll()
            .as('q'),
        )
        .innerJoin('v as w', 'w.id', 'q.id')
        .selectAll(),
    ],
  ]
  for (const [name, query] of unknown) {
    test(name, () => {
      const node = 'compile' in query ? query.compile().query : query
      assert.equal(touchesOfNode(node), 'everything')
    })
  }

  test('unless touching() says', () => {
    const part = touching({ reads: [B] }, sql<number>`(select max(n) from b)`)
    assert.equal(told(db.selectFrom('a').selectAll().where('n', '=', part)), 'a b > ')
    const whole = touching({ reads: [B, 'some_view'], writes: [A] }, sql`call forget_all()`)
    assert.equal(told({ compile: () => whole.compile(db) }), 'b some_view > a b c')
    const source = touching({ reads: ['some_view'] }, sql`some_view`)
    assert.equal(told(db.selectFrom(source.as('q')).selectAll()), 'some_view > ')
  })
})

test('an update of MariaDB may set columns of all that it joins', () => {
  const query = db.updateTable('a').innerJoin('b', 'b.a_id', 'a.id').set({ 'a.n': 1, 'b.n': 2 })
  assert.equal(toText(touchesOfNode(query.toOperationNode(), true)), 'a b > a b')
})
