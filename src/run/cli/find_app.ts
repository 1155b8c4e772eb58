import { readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { NoApp } from './cli_error.ts'
import { readEnvironment } from './environment.ts'
import type { Terminal } from './terminal.ts'

/** Where an app is to be found. */
export interface AppPlace {
  /** Absolute. */
  readonly file: string
  /** The export that was asked for by name. */
  readonly exportName: string | undefined
}

const USUAL_FILES = ['app.ts', 'app.js', 'src/app.ts']

/**
 * Find the file of the app: `--app`, `DEWAR_APP`, `"dewar": { "app" }` in package.json, then the usual places.
 *
 * @param asked `FILE[:EXPORT]`, from `--app`
 * @throws {NoApp} with all that was looked for
 */
export function findApp(asked: string | undefined, terminal: Terminal): AppPlace {
  const { cwd } = terminal
  if (asked !== undefined) return resolveApp(asked, cwd, '--app')
  const fromEnv = readEnvironment(terminal).get('DEWAR_APP')
  if (fromEnv !== undefined) return resolveApp(fromEnv, cwd, 'DEWAR_APP')
  const packageFile = nearestPackage(cwd)
  const fromPackage = packageFile && readPackage(packageFile)
  if (packageFile && fromPackage) {
    return resolveApp(fromPackage, dirname(packageFile), `"dewar.app" in ${packageFile}`)
  }
  const file = USUAL_FILES.map((name) => join(cwd, name)).find(isFile)
  if (file !== undefined) return { file, exportName: undefined }
  throw new NoApp(
    [
      `There is no app in ${cwd}: no --app, no DEWAR_APP, no ${USUAL_FILES.join(', no ')}, and`,
      packageFile ? `no "dewar": { "app": … } in ${packageFile}.` : 'no package.json.',
      '\nName the file: dewar --app server.ts …',
    ].join(' '),
  )
}

function resolveApp(text: string, dir: string, from: string): AppPlace {
  const { path, exportName } = splitExport(text)
  const file = resolve(dir, path)
  const candidates = [file, `${file}.ts`, `${file}.js`, join(file, 'app.ts'), join(file, 'app.js')]
  const found = candidates.find(isFile)
  if (found !== undefined) return { file: found, exportName }
  throw new NoApp(
    `${from} names ${path}, but there is no file ${relative(dir, file) || file} in ${dir}.`,
  )
}

/** `server.ts:tasks` names an export, `C:\server.ts` does not. */
function splitExport(text: string): { path: string; exportName: string | undefined } {
  const [, path, exportName] = /^(.{2,}):([\p{L}_$][\p{L}\d_$]*)$/u.exec(text) ?? []
  return { path: path ?? text, exportName }
}

function nearestPackage(dir: string): string | undefined {
  const file = join(dir, 'package.json')
  if (isFile(file)) return file
  const parent = dirname(dir)
  return parent === dir ? undefined : nearestPackage(parent)
}

function readPackage(file: string): string | undefined {
  const { dewar } = parsePackage(file)
  if (typeof dewar !== 'object' || dewar === null || !('app' in dewar)) return undefined
  if (typeof dewar.app === 'string' && dewar.app !== '') return dewar.app
  throw new NoApp(`"dewar.app" in ${file} is not the name of a file.`)
}

function parsePackage(file: string): { dewar?: unknown } {
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new NoApp(`${file} cannot be read: ${error instanceof Error ? error.message : ''}`)
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
