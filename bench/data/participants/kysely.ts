import SQLite from 'better-sqlite3'
import { type Generated, Kysely, ParseJSONResultsPlugin, PostgresDialect, SqliteDialect } from 'kysely'
import * as postgresqlJSON from 'kysely/helpers/postgres'
import * as sqliteJSON from 'kysely/helpers/sqlite'
import pg from 'pg'
import Cursor from 'pg-cursor'
import { type EventRow, GRAPH_SIZE, PER_PAGE } from '../rows.ts'
import { PRAGMAS } from '../seed.ts'
import { type DatabaseName, serve } from '../serve.ts'

/** A Date on PostgreSQL; text on SQLite, where Kysely has no types of its own. */
type Time = Date | string

interface Tables {
  tasks: { id: Generated<number>; title: string; description: string | null; status: string; priority: number; created_at: Time }
  notes: { id: Generated<number>; title: string; body: string; created_at: Time }
  addresses: { id: Generated<number>; name: string; street: string; city: string }
  cookies: { id: Generated<number>; name: string; price: number }
  orders: { id: Generated<number>; address_id: number; status: string; created_at: Time }
  lines: { id: Generated<number>; order_id: number; cookie_id: number; quantity: number }
  items: { id: Generated<number>; name: string; quantity: number }
  events: EventRow
}

/** better-sqlite3 and pg, as its documentation starts; graphs by its recipe for relations, as JSON. */
serve(async (database, url) => {
  const db = new Kysely<Tables>({ dialect: dialectFor(database, url) })
  const isText = database === 'sqlite'
  const withTime = <T extends { created_at: Time }>(row: T | undefined) => {
    return row && isText ? { ...row, created_at: new Date(row.created_at) } : row
  }
  const stored = (time: Date): Time => (isText ? time.toISOString() : time)
  const { jsonArrayFrom, jsonObjectFrom } = isText ? sqliteJSON : (postgresqlJSON as unknown as typeof sqliteJSON)
  const graphs = isText ? db.withPlugin(new ParseJSONResultsPlugin()) : db

  const get = async (id: number) =>
    withTime(await db.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst())
  return {
    work: {
      'get by key': get,
      'builder by key': get,
      'list of 20': async (status) => {
        const query = db.selectFrom('tasks').selectAll().where('status', '=', status)
        return (await query.orderBy('created_at', 'desc').limit(20).execute()).map(withTime)
      },
      insert: ({ created_at, ...rest }) =>
        db.transaction().execute(async (trx) => {
          const values = { ...rest, created_at: stored(created_at) }
          return withTime(await trx.insertInto('notes').values(values).returningAll().executeTakeFirst())
        }),
      update: (id, title) =>
        db.transaction().execute(async (trx) => {
          return withTime(await trx.updateTable('tasks').set({ title }).where('id', '=', id).returningAll().executeTakeFirst())
        }),
      'graph of 50': async (afterId) => {
        const orders = await graphs
          .selectFrom('orders')
          .selectAll('orders')
          .select((order) => [
            jsonObjectFrom(
              order
                .selectFrom('addresses')
                .select(['addresses.id', 'addresses.name', 'addresses.street', 'addresses.city'])
                .whereRef('addresses.id', '=', 'orders.address_id'),
            ).as('address'),
            jsonArrayFrom(
              order
                .selectFrom('lines')
                .select((line) => [
                  'lines.id',
                  'lines.quantity',
                  jsonObjectFrom(
                    line
                      .selectFrom('cookies')
                      .select(['cookies.id', 'cookies.name', 'cookies.price'])
                      .whereRef('cookies.id', '=', 'lines.cookie_id'),
                  ).as('cookie'),
                ])
                .whereRef('lines.order_id', '=', 'orders.id')
                .orderBy('lines.id'),
            ).as('lines'),
          ])
          .where('orders.id', '>', afterId)
          .orderBy('orders.id')
          .limit(GRAPH_SIZE)
          .execute()
        return orders.map(withTime)
      },
      'page of 200': async (page) => {
        const { total } = await db.selectFrom('items').select(({ fn }) => fn.countAll().as('total')).executeTakeFirstOrThrow()
        const query = db.selectFrom('items').selectAll().orderBy('id').limit(PER_PAGE)
        return { total: Number(total), items: await query.offset((page - 1) * PER_PAGE).execute() }
      },
      stream: async (add) => {
        for await (const event of db.selectFrom('events').selectAll().orderBy('id').stream(1_000)) add(event)
      },
    },
  }
})

function dialectFor(database: DatabaseName, url: string) {
  if (database === 'postgresql') {
    return new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1 }), cursor: Cursor })
  }
  const connection = new SQLite(url)
  connection.exec(PRAGMAS)
  return new SqliteDialect({ database: connection })
}
