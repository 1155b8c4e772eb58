import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { readLines } from '../../app/source_excerpt.ts'

const CHECK_TIMEOUT_MS = 5000

/**
 * Give an error of importing `file` the place that Node left out of it.
 *
 * @returns the same error, its stack beginning with `file:///app/tasks.ts:3` where that could be found out
 */
export function locateImportError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return error
  const place = isUnplaced(error) ? askNode(file) : importOf(error)
  if (place !== undefined) error.stack = `${place}\n${error.stack}`
  return error
}

/** Node tells the place of such an error to nobody but its own last words. */
function isUnplaced(error: Error): boolean {
  return (
    error instanceof SyntaxError &&
    error.stack?.startsWith('SyntaxError') === true &&
    error.stack.includes('node:internal/modules/')
  )
}

/** A file that cannot be parsed is never run, so importing it in another process does nothing. */
function askNode(file: string): string | undefined {
  const { stderr } = spawnSync(process.execPath, [...process.execArgv, file], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: CHECK_TIMEOUT_MS,
  })
  return /^file:\/\/.+:\d+$/m.exec(stderr)?.[0]
}

/** Where an import stands of which nothing was found. */
function importOf({ message }: Error): string | undefined {
  const [, missing = '', importer = ''] =
    /^Cannot find (?:module|package) '(.+)' imported from (.+)$/.exec(message) ?? []
  const name = missing.replace(/^.*[/\\]/, '')
  const line = readLines(importer)?.findIndex((text) => text.includes(name)) ?? -1
  return line === -1 || name === '' ? undefined : `${pathToFileURL(importer).href}:${line + 1}`
}
