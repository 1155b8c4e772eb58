import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  bigint,
  CheckViolation,
  database,
  DatabaseError,
  enumeration,
  ForeignKeyViolation,
  id,
  integer,
  model,
  NotNullViolation,
  reference,
  sql,
  string,
  text,
  UniqueViolation,
} from 'dewar/db'
import { openApp, type TestedDialect } from './tested.ts'

const Owner = model('owners', { id: id(), name: string(10).unique() })
const Item = model(
  'items',
  {
    id: id(),
    owner_id: reference(Owner, { onDelete: 'restrict' }),
    parent_id: integer().nullable().references('items', { onDelete: 'cascade' }),
    room: string(10),
    place: integer(),
    kind: enumeration(['small', 'big']).default('small'),
    size: integer().nullable().comment('of one, in mm'),
  },
  {
    unique: [['room', 'place']],
    indexes: [
      { columns: ['room', '-size'] },
      { columns: ['size'], unique: true, where: 'size > 100', name: 'big_items' },
    ],
    checks: { order: 'size > place' },
    comment: "What an owner's room holds",
  },
)
const Pair = model('pairs', {
  a: bigint().primary(),
  b: string(10).primary(),
  note: text().nullable(),
})
/** They refer to each other, so none can be made with its foreign keys before the other. */
const Team = model('teams', { id: id(), head_id: integer().nullable().references('people') })
const Person = model('people', { id: id(), team_id: reference(Team) })
const db = database([Team, Person, Owner, Item, Pair])

export function constraintsSuite(dialect: TestedDialect): void {
  suite('constraints', () => {
    test('are typed errors that name the columns, and nothing of the values', async () => {
      await using opened = await openApp(db, dialect)
      const refuses = async (work: () => Promise<unknown>, error: object) => {
        const failed = opened.unit(work)
        await assert.rejects(failed, error)
        await failed.catch(({ message }: Error) =>
          assert.doesNotMatch(message, /s3cret|insert|select/i),
        )
      }
      const owner = await opened.unit(() => db.insert(Owner, { name: 's3cret' }))
      const item = { owner_id: owner.id, room: 's3cret', place: 1 }
      const first = await opened.unit(() => db.insert(Item, item))
      await refuses(() => db.insert(Owner, { name: 's3cret' }), {
        name: 'UniqueViolation',
        table: 'owners',
        columns: ['name'],
      })
      await refuses(() => db.insert(Item, item), {
        name: 'UniqueViolation',
        table: 'items',
        columns: ['room', 'place'],
      })
      await refuses(() => db.insert(Owner, { id: owner.id, name: 'b' }), {
        name: 'UniqueViolation',
        table: 'owners',
        columns: ['id'],
      })
      await refuses(
        () => db.insert(Item, { ...item, place: 2, owner_id: 999 }),
        ForeignKeyViolation,
      )
      await refuses(() => db.delete(Owner, owner.id), ForeignKeyViolation)
      await refuses(() => db.update(Item, first.id, { parent_id: 999 }), ForeignKeyViolation)
      await refuses(() => db.update(Item, first.id, { room: null as unknown as string }), {
        name: 'NotNullViolation',
        column: 'room',
      })
      await refuses(() => db.insert(Owner, {} as { name: string }), NotNullViolation)
      await refuses(() => db.insert(Owner, { name: 'x'.repeat(11) }), {
        name: 'CheckViolation',
        column: 'name',
      })
      await refuses(() => db.update(Owner, owner.id, { name: 's3cret'.repeat(9) }), {
        name: 'CheckViolation',
        column: 'name',
      })
      await refuses(() => db.update(Item, first.id, { kind: 's3cret' as 'big' }), {
        name: 'CheckViolation',
        column: 'kind',
      })
      await refuses(() => db.update(Item, first.id, { size: 1 }), {
        name: 'CheckViolation',
        constraint: 'ck_items_order',
        column: undefined,
      })
      await opened.unit(() => db.insert(Owner, { name: '😀'.repeat(10) }))
      await opened.unit(() => db.insert(Pair, { a: 1n, b: 'a' }))
      await refuses(() => db.insert(Pair, { a: 1n, b: 'a' }), {
        name: 'UniqueViolation',
        columns: ['a', 'b'],
      })
    })

    test('of a statement that is wrong are errors of the database', async () => {
      await using opened = await openApp(db, dialect)
      for (const statement of ['selec 1', 'select * from missing', 'select missing from owners']) {
        await assert.rejects(
          opened.unit(() => sql.raw(statement).execute(db.kysely)),
          DatabaseError,
          statement,
        )
      }
    })

    test('that are caught leave the rest of the unit of work as it is', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(async () => {
        await assert.rejects(db.insert(Owner, { name: 'x'.repeat(99) }), CheckViolation)
        await db.insert(Owner, { name: 'a' })
        await assert.rejects(db.insert(Owner, { name: 'a' }), UniqueViolation)
        await db.insert(Owner, { name: 'b' })
        assert.equal(await db.find(Owner).count(), 2)
      })
      const names = await opened.unit(() => db.find(Owner).orderBy('name').select('name'))
      assert.deepEqual(names, [{ name: 'a' }, { name: 'b' }])
    })

    test('cascade, and may refer in a circle', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(async () => {
        const owner = await db.insert(Owner, { name: 'a' })
        const parent = await db.insert(Item, { owner_id: owner.id, room: 'a', place: 1 })
        const child = { owner_id: owner.id, room: 'a', place: 2, parent_id: parent.id }
        await db.insert(Item, child)
        await db.delete(Item, parent.id)
        assert.equal(await db.find(Item).count(), 0)
        const team = await db.insert(Team, {})
        const person = await db.insert(Person, { team_id: team.id })
        await assert.rejects(db.update(Team, team, { head_id: 99 }), ForeignKeyViolation)
        await db.update(Team, team, { head_id: person.id })
        await assert.rejects(db.delete(Person, person), ForeignKeyViolation)
        await db.updateMany(Team, {}, { head_id: null })
        await db.deleteMany(Person, {})
        await db.deleteMany(Team, {})
      })
    })

    test('and tables are made once, whoever starts at the same time', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(() => db.insert(Owner, { name: 'a' }))
      await opened.unit(() => db.createTables())
      assert.equal(await opened.unit(() => db.find(Owner).count()), 1)
      await opened.unit(() => db.dropTables())
      await opened.unit(() => db.dropTables())
      await Promise.all(Array.from({ length: 4 }, () => opened.unit(() => db.createTables())))
      await assert.rejects(
        opened.unit(() => db.insert(Team, { head_id: 9 })),
        ForeignKeyViolation,
      )
    })

    test('are met by an upsert', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(async () => {
        await db.upsert(Pair, { a: 1n, b: 'a', note: 'one' })
        const row = await db.upsert(Pair, { a: 1n, b: 'a', note: 'two' })
        assert.deepEqual(row, { a: 1n, b: 'a', note: 'two' })
        const owner = await db.upsert(Owner, { name: 'a' }, { on: ['name'] })
        assert.equal((await db.upsert(Owner, { name: 'a' }, { on: ['name'] })).id, owner.id)
        assert.equal(await db.find(Owner).count(), 1)
      })
    })
  })
}
