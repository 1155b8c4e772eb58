/** Holds the write lock of a file for some milliseconds: `node hold_lock.script.ts FILE MS`. */
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

const [, , file = '', ms = '0'] = process.argv
const database = new DatabaseSync(file, { timeout: 1000 })
database.exec('begin immediate')
console.log('held')
await sleep(Number(ms))
database.exec('commit')
database.close()
