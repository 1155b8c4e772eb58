/** Writes until the file may not grow: `ulimit -f 2000; node full_disk.script.ts URL`. Prints what happened as JSON. */
import { testClient } from 'dewar/testing'
import { bank, db, Entry } from './fixtures.ts'

const app = bank(process.argv[2])
app.post('/', async () => {
  for (let i = 0; i < 200; i++) await db.insert(Entry, { token: `${i}`.padEnd(40) })
  return {}
})
app.get('/', async () => ({ count: await db.find(Entry).count() }))
const client = testClient(app, { raises: false })
let status = 200
let kept = -1
for (; status === 200 && kept < 1000; kept++) status = (await client.post('/')).status
const { count } = (await client.get('/')).json()
console.log(JSON.stringify({ status, kept, count }))
await app.close()
