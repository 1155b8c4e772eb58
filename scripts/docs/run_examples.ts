/** Executes files by importing them, one after the other; tells its parent of each. */
import { join } from 'node:path'
import { setTimeout as passed } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import type { Ran } from './examples.ts'

const IMPORT_WITHIN_MS = 20_000
const END_WITHIN_MS = 3000

const LATE = Symbol('late')

let current = ''
const report = (name: string, error?: unknown): void => {
  const text = error instanceof Error ? (error.stack ?? error.message) : inspect(error)
  const ran: Ran = { name, error: error === undefined ? undefined : `fails: ${text}` }
  process.send?.(ran)
}

process.on('uncaughtException', (error) => report(current, error))

for (const name of process.argv.slice(2)) {
  current = name
  // The timer holds the process while nothing else does.
  const done = new AbortController()
  const late = passed(IMPORT_WITHIN_MS, LATE, { signal: done.signal }).catch(() => undefined)
  try {
    const path = pathToFileURL(join(process.cwd(), name)).href
    const first = await Promise.race([import(path), late])
    report(name, first === LATE ? new Error(`not done after ${IMPORT_WITHIN_MS} ms`) : undefined)
  } catch (error) {
    report(name, error)
  } finally {
    done.abort()
  }
}

setTimeout(() => {
  console.error('The examples leave something open:', process.getActiveResourcesInfo().join(', '))
  process.exit(1)
}, END_WITHIN_MS).unref()
