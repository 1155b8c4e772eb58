/** Upgrade a database, or take all back: `upgrade.script.ts URL up|down`. To be killed. */
import { toOpen } from '../../../src/sql/open.ts'
import { Migrator } from '../../../src/sql/migrate/migrator.ts'
import { killHistory } from './kill_history.ts'

const [url = '', way] = process.argv.slice(2)
const pool = { max: 2, idleMs: 1000, connectTimeoutMs: 5000, statementTimeoutMs: undefined }
const driver = await toOpen(url, { dir: process.cwd(), waitMs: 5000, pool })()
const connection = await driver.openSchema()
const migrator = new Migrator(killHistory, connection, { print: console.log })
console.log('ready')
await (way === 'up' ? migrator.upgrade() : migrator.downgrade('base'))
await connection.close()
await driver.close()
