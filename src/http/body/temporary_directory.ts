import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

const present = new Set<string>()

/** A fresh directory that only this user can enter, removed with all that is in it. */
export class TemporaryDirectory implements AsyncDisposable {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** @param parent an existing directory */
  static async create(parent: string): Promise<TemporaryDirectory> {
    const path = await mkdtemp(join(parent, `dewar-${process.pid}-`))
    if (present.size === 0) process.once('exit', removeAll)
    present.add(path)
    return new TemporaryDirectory(path)
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
    present.delete(this.path)
    if (present.size === 0) process.off('exit', removeAll)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remove()
  }
}

function removeAll(): void {
  for (const path of present) rmSync(path, { recursive: true, force: true })
}
