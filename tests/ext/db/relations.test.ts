import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App } from 'dewar'
import { and, belongsTo, count, database, hasMany, id, integer, model, not, sum } from 'dewar/db'
import { forEachDatabase } from '../../services/databases.ts'
import type { Service } from '../../services/service.ts'
import { Address, Category, Cookie, Customer, db, Line, Order, seedShop } from './shop.ts'

/** The shop in a database of its own, with what it begins with. */
function shopIn(url: string) {
  return async (work: () => Promise<void>): Promise<void> => {
    await using app = new App('shop', { logger: false }).install(db, { url })
    await app.ready()
    await app.withScope(async () => {
      await db.dropTables()
      await db.createTables()
      await seedShop()
    })
    await app.withScope(work)
  }
}

await forEachDatabase((name, service) => {
  declareRelations(`relations in ${name}`, service)
  declareQueries(`queries in ${name}`, service)
})

function declareRelations(title: string, service: Service): void {
  const inShop = shopIn(service.url ?? '')
  suite(title, { skip: service.skip }, () => {
    test('a graph holds what was asked for, and no more', () =>
      inShop(async () => {
        const orders = await db
          .find(Order)
          .with({ customer: { address: true }, referrer: true, lines: { cookie: true } })
          .orderBy('id')
        assert.equal(orders.length, 5)
        const [first, second] = orders
        assert.equal(first?.customer.name, 'Ada')
        assert.equal(first.customer.address?.city, 'Bath')
        assert.equal(first.referrer?.name, 'Cy')
        assert.equal(second?.referrer, null)
        assert.deepEqual(
          second.lines.map(({ cookie, number }) => [cookie.name, cookie.price, number]),
          [
            ['cookie 0', '1.10', 1],
            ['cookie 1', '2.20', 2],
          ],
        )
        assert.ok(!('cookies' in first))
      }))

    test('has one, has many, many to many and to itself, and where there is none', () =>
      inShop(async () => {
        const [ada, , cy] = await db
          .find(Customer)
          .with({ address: true, orders: true })
          .orderBy('name')
        assert.deepEqual([ada?.address?.city, ada?.orders.length], ['Bath', 3])
        assert.deepEqual([cy?.address, cy?.orders], [null, []])
        const fourth = await db.get(Order, 4, { with: { cookies: true } })
        assert.deepEqual(
          fourth?.cookies.map(({ name }) => name),
          ['cookie 3', 'cookie 2', 'cookie 1', 'cookie 0'],
        )
        const plain = await db.getOr404(Cookie, 2, undefined, {
          with: { orders: { customer: true } },
        })
        assert.deepEqual(
          plain.orders.map(({ id: key, customer }) => [key, customer.name]),
          [
            [2, 'Bob'],
            [3, 'Ada'],
            [4, 'Bob'],
          ],
        )
        const root = await db.insert(Category, { name: 'root' })
        const child = await db.insert(Category, { name: 'child', parent_id: root.id })
        const found = await db.get(Category, child.id, {
          with: { parent: { parent: true, children: true } },
        })
        assert.equal(found?.parent?.name, 'root')
        assert.equal(found?.parent?.parent, null)
        assert.deepEqual(
          found?.parent?.children.map(({ name }) => name),
          ['child'],
        )
      }))

    test('the same comes with rows that are locked, chosen columns, and below a relation', () =>
      inShop(async () => {
        const orders = () => db.find(Order).orderBy('id')
        const [locked] = await orders()
          .with({ customer: { orders: true } })
          .lock()
        assert.deepEqual([locked?.customer.name, locked?.customer.orders.length], ['Ada', 3])
        const [chosen] = await orders()
          .select('customer_id')
          .with({ customer: { address: true } })
        assert.deepEqual([chosen?.customer_id, chosen?.customer.address?.city], [1, 'Bath'])
        const [below] = await orders().with({
          customer: { orders: { referrer: true }, address: true },
        })
        assert.equal(below?.customer.address?.city, 'Bath')
        assert.deepEqual(
          below.customer.orders.map(({ id: key, referrer }) => [key, referrer?.name ?? null]),
          [
            [1, 'Cy'],
            [3, null],
            [5, null],
          ],
        )
        const [twice] = await orders().where({ id: 4 }).with({ customer: true, referrer: true })
        assert.deepEqual([twice?.customer.name, twice?.referrer?.name], ['Bob', 'Cy'])
      }))

    test('rows are found by what they are related to', () =>
      inShop(async () => {
        const inBath = db.find(Order).where({ customer: { address: { city: 'Bath' } } })
        assert.equal(await inBath.count(), 3)
        const dear = await db.find(Order).where({ lines: { cookie: { price: { gt: '2.20' } } } })
        assert.deepEqual(
          dear.map((order) => order.id),
          [4],
        )
        assert.equal(
          await db
            .find(Cookie)
            .where({ orders: { id: [1, 2] } })
            .count(),
          2,
        )
        const alone = await db.find(Customer).where(not({ orders: {} }))
        assert.deepEqual(
          alone.map(({ name }) => name),
          ['Cy'],
        )
        const sent = and<typeof Order.columns>({ status: 'sent' }, { id: { gt: 1 } })
        assert.equal(await db.find(Order).where(sent).count(), 2)
        await db.insert(Category, { name: 'a' })
        await db.insert(Category, { name: 'b', parent_id: 1 })
        assert.equal(
          await db
            .find(Category)
            .where({ parent: { name: 'a' } })
            .count(),
          1,
        )
        assert.equal(
          await db.updateMany(Order, { customer: { name: 'Ada' } }, { status: 'open' }),
          3,
        )
        assert.equal(await db.deleteMany(Line, { order: { customer: { name: 'Ada' } } }), 5)
      }))

    test('a relation that cannot be is refused when the database is declared', () => {
      const A = model('a', { id: id() })
      const B = model('b', {
        id: id(),
        one_id: integer().references(A),
        two_id: integer().references(A).nullable(),
      })
      const declare = (b: ReturnType<typeof belongsTo>) => () =>
        database([A, B], { relations: { b: { link: b } } })
      assert.throws(declare(belongsTo(A)), /any of one_id, two_id of b; say which with "via"/)
      assert.throws(declare(belongsTo(A, { via: 'none' })), /b\.none does not refer to a/)
      assert.throws(declare(belongsTo(A, { via: 'two_id' })), /two_id may be null; say/)
      assert.throws(declare(belongsTo(B)), /no column of b refers to b/)
      const taken = { relations: { a: { id: hasMany(B, { via: 'one_id' }) } } }
      assert.throws(() => database([A, B], taken), /has the name of a column/)
      const Stranger = model('c', { id: id(), x_id: integer().references('nothing') })
      assert.throws(() => database([Stranger]), /refers to "nothing"/)
    })

    test('an unknown relation is named', () =>
      inShop(async () => {
        // @ts-expect-error -- there is no such relation
        assert.throws(() => db.find(Order).with({ line: true }), /no relation "line".*"lines"/)
      }))
  })
}

function declareQueries(title: string, service: Service): void {
  const inShop = shopIn(service.url ?? '')
  suite(title, { skip: service.skip }, () => {
    test('composite keys', () =>
      inShop(async () => {
        const key = { order_id: 2, cookie_id: 1 }
        assert.equal((await db.get(Line, key))?.number, 1)
        const changed = await db.update(Line, key, { number: 7 })
        assert.equal(changed?.number, 7)
        assert.equal(await db.delete(Line, key), true)
        assert.equal(await db.get(Line, key), undefined)
      }))

    test('upsert inserts once, then changes', () =>
      inShop(async () => {
        const first = await db.upsert(Cookie, { name: 'new', price: '1.00' }, { on: ['name'] })
        const second = await db.upsert(Cookie, { name: 'new', price: '2.50' }, { on: ['name'] })
        assert.deepEqual([second.id, second.price], [first.id, '2.50'])
        const kept = await db.upsert(
          Cookie,
          { name: 'new', price: '9.00' },
          { on: ['name'], set: [] },
        )
        assert.equal(kept.price, '2.50')
        const line = await db.upsert(Line, { order_id: 1, cookie_id: 1, number: 5 })
        assert.equal(line.number, 5)
        assert.equal(await db.find(Line).where({ order_id: 1 }).count(), 1)
      }))

    test('insertMany gives rows in their order, however many', () =>
      inShop(async () => {
        const names = Array.from({ length: 150 }, (_, i) => `c${i}`)
        const rows = await db.insertMany(
          Customer,
          names.map((name) => ({ name })),
        )
        assert.deepEqual(
          rows.map(({ name }) => name),
          names,
        )
        assert.equal(new Set(rows.map((row) => row.id)).size, 150)
        assert.deepEqual(await db.insertMany(Customer, []), [])
      }))

    test('select, distinct and long lists', () =>
      inShop(async () => {
        const states = await db.find(Order).select('status').distinct().orderBy('status')
        assert.deepEqual(states, [{ status: 'open' }, { status: 'sent' }])
        const [first] = await db.find(Order).select('id', 'sent_at').orderBy('id')
        assert.deepEqual(first, { id: 1, sent_at: new Date(Date.UTC(2026, 0, 1)) })
        const many = Array.from({ length: 40_000 }, (_, i) => i + 3)
        assert.equal(await db.find(Order).where({ id: many }).count(), 3)
        assert.equal(
          await db
            .find(Order)
            .where({ id: { notIn: many } })
            .count(),
          2,
        )
      }))

    test('aggregates are exact, and grouped', () =>
      inShop(async () => {
        const [whole] = await db.find(Cookie).aggregate({ total: sum('price'), n: count() })
        assert.deepEqual(whole, { total: '13.35', n: 4 })
        const by = await db
          .find(Line)
          .aggregate({ cookies: sum('number'), n: count() }, { by: ['order_id'] })
        assert.deepEqual(by.slice(0, 3), [
          { order_id: 1, cookies: 1, n: 1 },
          { order_id: 2, cookies: 3, n: 2 },
          { order_id: 3, cookies: 6, n: 3 },
        ])
        const [none] = await db
          .find(Cookie)
          .where({ id: 99 })
          .aggregate({ total: sum('price') })
        assert.deepEqual(none, { total: null })
        await assert.rejects(db.find(Cookie).aggregate({ x: sum('name') }), /takes numbers/)
      }))

    test('decimals sort as numbers', () =>
      inShop(async () => {
        const prices = await db.find(Cookie).orderBy('-price')
        assert.deepEqual(
          prices.map(({ price }) => price),
          ['10.00', '2.20', '1.10', '0.05'],
        )
      }))

    test('pages by number', () =>
      inShop(async () => {
        const page = await db.find(Order).orderBy('id').paginate({ page: 2, perPage: 2 })
        assert.deepEqual(
          { ...page, items: page.items.map((order) => order.id) },
          {
            items: [3, 4],
            page: 2,
            per_page: 2,
            pages: 3,
            total: 5,
            has_next: true,
            has_prev: true,
            next_num: 3,
            prev_num: 1,
          },
        )
        assert.deepEqual((await db.find(Order).paginate({ page: 9 })).items, [])
        await assert.rejects(db.find(Order).paginate({ page: 0 }), RangeError)
      }))

    test('pages by cursor go on where they were, while rows come and go', () =>
      inShop(async () => {
        const list = db.find(Order).orderBy('status', '-sent_at')
        const whole = (await list.orderBy('status', '-sent_at', '-id')).map((order) => order.id)
        const first = await list.page({ size: 2 })
        assert.equal(first.previous, null)
        await db.insert(Order, { customer_id: 1, status: 'open', sent_at: new Date() })
        const second = await list.page({ size: 2, after: first.next ?? '' })
        const third = await list.page({ size: 2, after: second.next ?? '' })
        const walked = [first, second, third].flatMap(({ items }) => items.map((order) => order.id))
        assert.deepEqual(walked, whole)
        assert.equal(third.next, null)
        const back = await list.page({ size: 2, before: third.previous ?? '' })
        assert.deepEqual(back.items, second.items)
        for (const cursor of [
          '',
          'x',
          first.next!.slice(1),
          Buffer.from('[1]').toString('base64url'),
        ]) {
          await assert.rejects(list.page({ after: cursor }), /cursor/)
        }
        await assert.rejects(db.find(Order).page({ after: first.next ?? '' }), /cursor/)
      }))

    test('streams go through all rows once, in their order', () =>
      inShop(async () => {
        await db.insertMany(
          Customer,
          Array.from({ length: 95 }, (_, i) => ({ name: `n${i}` })),
        )
        const names: string[] = []
        for await (const { name } of db.find(Customer).orderBy('-name').stream({ batch: 7 }))
          names.push(name)
        assert.equal(names.length, 98)
        assert.deepEqual(names, names.toSorted().toReversed())
        const limited: number[] = []
        for await (const row of db.find(Customer).limit(10).stream({ batch: 4 }))
          limited.push(row.id)
        assert.deepEqual(limited, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
        const graph: number[] = []
        for await (const order of db.find(Order).with({ lines: true }).stream({ batch: 2 })) {
          graph.push(order.lines.length)
        }
        assert.deepEqual(graph, [1, 2, 3, 4, 1])
      }))

    test('tables that refer to each other in a circle are dropped with their rows', async () => {
      const Left = model('lefts', { id: id(), right_id: integer().references('rights').nullable() })
      const Right = model('rights', { id: id(), left_id: integer().references('lefts') })
      const pair = database([Left, Right])
      await using app = new App('pair', { logger: false }).install(pair, { url: service.url })
      await app.ready()
      await app.withScope(async () => {
        await pair.createTables()
        const left = await pair.insert(Left, {})
        const right = await pair.insert(Right, { left_id: left.id })
        await pair.update(Left, left.id, { right_id: right.id })
      })
      await app.withScope(() => pair.dropTables())
      await app.withScope(() => pair.createTables())
      assert.equal(await app.withScope(() => pair.find(Left).count()), 0)
      await app.withScope(() => pair.dropTables())
    })

    test('checks, foreign keys and unique columns hold', () =>
      inShop(async () => {
        const negative = db.insert(Line, { order_id: 1, cookie_id: 2, number: 0 })
        await assert.rejects(negative, { name: 'CheckViolation' })
        const stranger = db.insert(Address, { customer_id: 99, city: 'X' })
        await assert.rejects(stranger, { name: 'ForeignKeyViolation' })
        const second = db.insert(Address, { customer_id: 1, city: 'X' })
        await assert.rejects(second, { name: 'UniqueViolation', columns: ['customer_id'] })
      }))
  })
}
