import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file that only this process knows, in a folder of its own. */
export class TemporaryFile {
  readonly path: string
  readonly #dir: string

  constructor() {
    this.#dir = mkdtempSync(join(tmpdir(), 'dewar-'))
    this.path = join(this.#dir, 'memory.db')
    LEFT.add(this.#dir)
    if (LEFT.size === 1) process.on('exit', removeAll)
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true })
    LEFT.delete(this.#dir)
    if (LEFT.size === 0) process.off('exit', removeAll)
  }
}

/** Folders to remove when the process ends without having closed them. */
const LEFT = new Set<string>()

function removeAll(): void {
  for (const dir of LEFT) rmSync(dir, { recursive: true, force: true })
}
