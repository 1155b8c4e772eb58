/** Serves the bank on a file: `node bank.script.ts URL`. Each POST writes two tables in one transaction. */
import { setImmediate as turn } from 'node:timers/promises'
import { z } from 'dewar/schema'
import { Account, bank, db, Entry } from './fixtures.ts'

const app = bank(process.argv[2])
app.onStart(async () => {
  if (!(await db.find(Account).exists())) await db.insert(Account, { name: 'all' })
})
app.post('/entries', { json: z.object({ token: z.string() }) }, async ({ json }) => {
  const entry = await db.insert(Entry, json)
  const account = await db.getOr404(Account, 1)
  await turn()
  await db.update(Account, account, { balance: account.balance + 1 })
  return entry
})
console.log(await app.listen({ port: 0 }))
