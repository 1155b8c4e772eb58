import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AnyApp } from '../../app/app.ts'
import { CLIError } from './cli_error.ts'
import type { AppPlace } from './find_app.ts'
import { locateImportError } from './import_error.ts'

/** An app, and where it came from. */
export interface LoadedApp {
  readonly app: AnyApp
  /** Absolute. */
  readonly file: string
  /** All that the file exports, by name. */
  readonly exports: Readonly<Record<string, unknown>>
}

const USUAL_EXPORTS = ['app', 'createApp', 'application', 'default']

/**
 * Import the app's file, and take the app from what it exports, or from the function that makes it.
 *
 * @throws {CLIError} when the file exports no app
 * @throws whatever the file, or the function in it, throws
 */
export async function loadApp({ file, exportName }: AppPlace, cwd: string): Promise<LoadedApp> {
  const exports = await importFile(file)
  const shown = relative(cwd, file) || file
  const names = exportName === undefined ? USUAL_EXPORTS : [exportName]
  const name = names.find((each) => isAppOrFactory(exports[each]))
  if (name === undefined) throw new CLIError(noAppIn(shown, exports, exportName))
  const found = exports[name]
  const app: unknown = typeof found === 'function' ? await found() : found
  if (isApp(app)) return { app, file, exports }
  throw new CLIError(`${name}() in ${shown} returned no App, but ${describe(app)}.`)
}

/** Import a file. What stands in the way of it is thrown, with its place where Node leaves that out. */
export async function importFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    throw locateImportError(error, file)
  }
}

function isAppOrFactory(value: unknown): boolean {
  return isApp(value) || (typeof value === 'function' && !/^class\b/.test(String(value)))
}

/**
 * Known by what it has: it may be of another copy of Dewar, as when the command line is installed globally, and this
 * one need not be loaded.
 */
function isApp(value: unknown): value is AnyApp {
  return (
    typeof value === 'object' &&
    value !== null &&
    'fastify' in value &&
    'withScope' in value &&
    'registrations' in value
  )
}

function noAppIn(
  file: string,
  exports: Readonly<Record<string, unknown>>,
  exportName: string | undefined,
): string {
  const names = Object.keys(exports)
  const has = names.length === 0 ? 'It exports nothing.' : `It exports: ${names.join(', ')}.`
  if (exportName !== undefined && exportName in exports) {
    return `"${exportName}" in ${file} is no App and no function that makes one, but ${describe(exports[exportName])}.`
  }
  if (exportName !== undefined) return `${file} has no export "${exportName}". ${has}`
  return (
    `${file} exports no app. ${has}\n` +
    'Export the app as `app`, or a function that makes it as `createApp`; ' +
    `or name the export: --app ${file}:NAME`
  )
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return typeof value === 'object'
    ? `a ${value.constructor?.name ?? 'object'}`
    : `a ${typeof value}`
}
