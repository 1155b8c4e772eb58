/**
 * Measure the data layer beside a hand-written form and what a user would pick instead, without HTTP: CPU time an
 * operation, in interleaved samples.
 *
 * `--rounds 15 --sample-ms 150 --only insert,update --participants dewar,raw --databases sqlite --quick --check`
 */
import { parseArgs } from 'node:util'
import { type Databases, postgresqlDatabases, sqliteDatabases } from './databases.ts'
import { measure } from './measure.ts'
import { type Measured, writeReport } from './report.ts'
import { ROWS } from './rows.ts'

const PARTICIPANTS = ['dewar', 'raw', 'kysely', 'drizzle', 'typeorm', 'mikroorm']
const DATABASES = ['sqlite', 'postgresql'] as const

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    'sample-ms': { type: 'string' },
    only: { type: 'string' },
    participants: { type: 'string' },
    databases: { type: 'string' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
})
const rows = chosen(ROWS, options.only)
const names = chosen(PARTICIPANTS, options.participants)
const rounds = Number(options.rounds ?? (options.quick ? 5 : 15))
const sampleMs = Number(options['sample-ms'] ?? (options.quick ? 60 : 150))

const measured: Measured[] = []
for (const database of chosen(DATABASES, options.databases)) {
  const databases = database === 'sqlite' ? sqliteDatabases(names) : await postgresqlDatabases(names)
  if (typeof databases === 'string') measured.push({ database, skipped: databases })
  else measured.push({ database, samples: await measureIn(database, databases) })
}
const failures = writeReport(measured, { rounds, sampleMs, rows, names })
if (options.check && failures > 0) process.exitCode = 1

async function measureIn(database: (typeof DATABASES)[number], { urls, drop }: Databases) {
  try {
    return await measure({ database, rounds, sampleMs, rows, participants: urls })
  } finally {
    await drop()
  }
}

function chosen<T extends string>(all: readonly T[], list: string | undefined): T[] {
  const wanted = list?.split(',') ?? [...all]
  const unknown = wanted.filter((name) => !all.some((one) => name === one))
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. Known: ${all.join(', ')}.`)
  return all.filter((one) => wanted.includes(one))
}
