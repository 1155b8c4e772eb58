import { DatabaseSync } from 'node:sqlite'
import { App } from 'dewar'
import { database, model, id, string, text, datetime, date, enumeration, now } from 'dewar/db'
import assert from 'node:assert/strict'
const Task = model('tasks', { id: id(), title: string(150), description: text().nullable(), status: enumeration(['pending', 'completed']).default('pending'),
  due_date: date().nullable(), created_at: datetime().default(now).readOnly(), updated_at: datetime().default(now).onUpdate(now).readOnly() })
const db = database([Task])
import { rmSync } from 'node:fs'
for (const s of ['', '-wal', '-shm']) rmSync('/tmp/scratch/b.db' + s, { force: true })
const app = new App('t', { logger: 'warn' }).install(db, { url: 'sqlite:////tmp/scratch/b.db' })
await app.withScope(async () => { await db.createTables(); for (let i = 0; i < 10000; i++) await db.insert(Task, { title: 't' + i, status: i % 2 ? 'pending' : 'completed' }) })
const raw = new DatabaseSync('/tmp/scratch/b.db', { timeout: 0 })
raw.exec('pragma cache_size=-16384;pragma synchronous=normal; create index i on tasks(status,id)')
const cols = 'id,title,description,status,due_date,created_at,updated_at'
const dec = (r: any) => ({ id: r[0], title: r[1], description: r[2], status: r[3], due_date: r[4], created_at: new Date(r[5]), updated_at: new Date(r[6]) })
const g = raw.prepare(`select ${cols} from tasks where id=?`, { returnArrays: true } as any) as any
const l = raw.prepare(`select ${cols} from tasks where status=? order by id desc limit ?+0`, { returnArrays: true } as any) as any
const ins = raw.prepare(`insert into tasks(title,status,created_at,updated_at) values(?,?,?,?) returning ${cols}`, { returnArrays: true } as any) as any
const beg = raw.prepare('begin immediate'), com = raw.prepare('commit')
const cases: Record<string, [(i: number) => any, (i: number) => any, number]> = {
  get: [(i) => { const r = g.get(i); return r && dec(r) }, (i) => db.get(Task, i), 4000],
  builder: [(i) => l.all, (i) => 0, 0],
  list: [(i) => l.all('pending', 20).map(dec), (i) => db.find(Task).where({ status: 'pending' }).orderBy('-id').limit(20), 400],
  insert: [(i) => { beg.run(); const d = new Date().toISOString(); const r = dec(ins.get('x', 'pending', d, d)); com.run(); return r }, (i) => app.withScope(() => db.insert(Task, { title: 'x' })), 300],
}
cases.builder = [cases.get![0], (i) => db.find(Task).where({ id: i }).first(), 3000]
await app.withScope(async () => {
  assert.deepEqual(await db.get(Task, 7), cases.get![0](7)); assert.deepEqual(await cases.list![1](1), cases.list![0](1))
  for (const [name, [hand, ours, n]] of Object.entries(cases)) {
    const ratios: number[] = [], t = [0, 0]
    for (let round = 0; round < 25; round++) {
      const time = async (f: (i: number) => any) => { const s = process.cpuUsage(), a = performance.now(); for (let i = 1; i <= n; i++) await f(i); return performance.now() - a }
      let a, b
      if (round % 2) { a = await time(hand); b = await time(ours) } else { b = await time(ours); a = await time(hand) }
      if (round > 5) { ratios.push(a / b); t[0]! += a / n; t[1]! += b / n }
    }
    ratios.sort((a, b) => a - b)
    console.log(name, 'median', ratios[ratios.length >> 1]!.toFixed(3), 'hand µs', (t[0]! / ratios.length * 1000).toFixed(2), 'ours', (t[1]! / ratios.length * 1000).toFixed(2))
  }
})
raw.close(); await app.close()
