import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Whether processes can be held to one core each: servers to one, the generator to another. */
export const PINNED: boolean =
  availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

const ANSWER_MS = 60_000

/** Send the runner an answer, marked: frameworks send messages of their own to a parent process. */
export function answer(message: object): void {
  process.send?.({ ...message, from: 'bench' })
}

/** A process of the bench, which answers each message with one message. */
export class Child {
  readonly #process: ChildProcess
  #waiting = Promise.withResolvers<unknown>()

  constructor(file: string, core: number) {
    const pinned = PINNED ? ['-c', String(core), process.execPath] : []
    this.#process = fork(file, [], {
      execPath: PINNED ? 'taskset' : process.execPath,
      execArgv: [...pinned, '--conditions=@dewar/source'],
      env: { ...process.env, NODE_ENV: 'production' },
    })
    this.#process.on('message', (message: { from?: string }) => {
      if (message.from === 'bench') this.#waiting.resolve(message)
    })
    this.#process.on('exit', (code) =>
      this.#waiting.reject(new Error(`${file} ended with ${String(code)}.`)),
    )
  }

  /**
   * The next message from the process.
   *
   * @throws {Error} when the process ends, or says nothing for a minute.
   */
  async next<T>(): Promise<T> {
    const { promise, reject } = this.#waiting
    const timer = setTimeout(() => reject(new Error('No answer for a minute.')), ANSWER_MS)
    try {
      return (await promise) as T
    } finally {
      clearTimeout(timer)
      this.#waiting = Promise.withResolvers()
    }
  }

  /** Send a message and wait for its answer. */
  ask<T>(message: object | string): Promise<T> {
    this.#process.send(message)
    return this.next()
  }

  stop(): void {
    this.#process.removeAllListeners('exit')
    this.#process.kill()
  }
}
