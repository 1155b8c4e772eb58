import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App } from 'dewar'
import { database, factory, id, json, model } from 'dewar/db'
import { z } from 'dewar/schema'
import { Address, Customer, db, Line } from './shop.ts'

async function inShop(work: () => Promise<void>): Promise<void> {
  await using app = new App('shop', { logger: false }).install(db, { url: 'sqlite::memory:' })
  await app.withScope(async () => {
    await db.createTables()
    await work()
  })
}

suite('factory', () => {
  test('makes up what is required, and the rows that it refers to', () =>
    inShop(async () => {
      const [line] = await factory(db, Line).createMany(2, { number: 3 })
      assert.ok(line)
      const whole = await db.get(Line, line, { with: { cookie: true, order: { customer: true } } })
      assert.equal(whole?.number, 3)
      assert.match(whole?.cookie.price ?? '', /^\d+\.00$/)
      assert.match(whole?.order.customer.name ?? '', /^name \d+$/)
    }))

  test('uses what it was told, by value, by number and later', () =>
    inShop(async () => {
      const customers = factory(db, Customer, { name: (n) => `customer ${n}` })
      const addresses = factory(db, Address, {
        city: 'Bath',
        customer_id: async () => (await customers.create()).id,
      })
      const rows = await addresses.createMany(2)
      assert.deepEqual(
        rows.map(({ city, customer_id }) => [city, customer_id]),
        [
          ['Bath', 1],
          ['Bath', 2],
        ],
      )
      const { name } = await customers.build()
      assert.equal(name, 'customer 3')
    }))

  test('says which value only you can know', async () => {
    const Note = model('notes', { id: id(), body: json(z.object({ a: z.int() })) })
    const notes = database([Note])
    await assert.rejects(factory(notes, Note).build(), /needs a value for "body"/)
  })
})
