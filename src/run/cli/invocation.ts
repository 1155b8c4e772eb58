import { findApp } from './find_app.ts'
import { type LoadedApp, loadApp } from './load_app.ts'
import type { Terminal } from './terminal.ts'

/** One run of the command line. */
export interface Invocation {
  readonly terminal: Terminal
  /** What `--app` says. */
  readonly asked: string | undefined
  exitCode: number
}

/** @throws {CLIError} when there is no app, and whatever its file throws */
export async function loadAskedApp({ asked, terminal }: Invocation): Promise<LoadedApp> {
  return loadApp(findApp(asked, terminal), terminal.cwd)
}
