import { once } from 'node:events'
import { mariadb } from './mariadb.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'

/** Ask for the service that is named, print what came, and end when standard input does. */
const kinds = new Map(Object.entries({ mariadb, postgres, redis }))
console.log(JSON.stringify(await kinds.get(process.argv[2] ?? '')?.()))
await once(process.stdin.resume(), 'end')
