/** The apps that pages talk to: all in one process, in the testing profile, each on a port of its own. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { capture } from './capture.ts'
import type { PageApp } from './pages.ts'

/** What the process of the apps says of one that listens, or that does not. */
export interface Started {
  readonly nth: number
  readonly port?: number
  readonly error?: string | undefined
}

/** The apps of all pages, while they are talked to. */
export class PageApps {
  readonly #child: ChildProcess
  readonly #ports = new Map<PageApp, PromiseWithResolvers<number>>()

  constructor(apps: readonly PageApp[]) {
    for (const app of apps) this.#ports.set(app, Promise.withResolvers())
    const waiting = [...this.#ports.values()]
    this.#child = fork(
      join(import.meta.dirname, 'serve_apps.ts'),
      apps.map(({ file }) => file),
      {
        execArgv: ['--conditions=@dewar/source'],
        env: { ...process.env, DEWAR_ENV: 'testing' },
        silent: true,
      },
    )
    this.#child.on('message', ({ nth, port, error }: Started) => {
      if (port === undefined) waiting[nth]?.reject(new Error(error))
      else waiting[nth]?.resolve(port)
    })
    void this.#rejectWhenEnded(waiting)
    for (const { promise } of waiting) promise.catch(() => undefined)
  }

  /** @throws {Error} when the app does not start */
  async portOf(app: PageApp): Promise<number> {
    const port = await this.#ports.get(app)?.promise
    if (port === undefined) throw new Error(`${app.file} was not started.`)
    return port
  }

  async #rejectWhenEnded(waiting: readonly PromiseWithResolvers<number>[]): Promise<void> {
    const { output } = await capture(this.#child)
    for (const { reject } of waiting) reject(new Error(`The apps ended:\n${output}`))
  }

  stop(): void {
    this.#child.kill()
  }
}
