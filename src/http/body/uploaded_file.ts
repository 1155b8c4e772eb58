import { constants, createReadStream } from 'node:fs'
import { copyFile, link, readFile, rename, unlink } from 'node:fs/promises'
import type { Readable } from 'node:stream'

export interface UploadedFileInit {
  fieldName: string
  filename: string
  type: string
  sizeBytes: number
  path: string
}

/** A file that a form brought. It is gone when the request ends, unless it was saved. */
export class UploadedFile {
  readonly fieldName: string
  /** The client's name for it, without directories; may be `''`. Never make a path of it. */
  readonly filename: string
  /** The media type that the client claims; nobody checked it. May be `''`. */
  readonly type: string
  readonly sizeBytes: number
  #path: string

  constructor(init: UploadedFileInit) {
    this.fieldName = init.fieldName
    this.filename = init.filename
    this.type = init.type
    this.sizeBytes = init.sizeBytes
    this.#path = init.path
  }

  /** Where it lies now: in a temporary directory, until it is saved. */
  get path(): string {
    return this.#path
  }

  stream(): Readable {
    return createReadStream(this.#path)
  }

  bytes(): Promise<Buffer> {
    return readFile(this.#path)
  }

  /** The content as UTF-8. */
  text(): Promise<string> {
    return readFile(this.#path, 'utf8')
  }

  /**
   * Keep the file at `target`. It is moved, or copied to another file system.
   *
   * @throws {Error} with code `EEXIST` when there is a file already, unless `overwrite` says so
   */
  async saveTo(target: string, { overwrite = false }: { overwrite?: boolean } = {}): Promise<void> {
    try {
      await (overwrite ? rename(this.#path, target) : moveToFree(this.#path, target))
    } catch (error) {
      if (!isOtherFileSystem(error)) throw error
      await copyFile(this.#path, target, overwrite ? 0 : constants.COPYFILE_EXCL)
    }
    this.#path = target
  }
}

/** `rename` overwrites without a word; `link` does not. */
async function moveToFree(path: string, target: string): Promise<void> {
  await link(path, target)
  await unlink(path)
}

// EPERM and ENOTSUP: a file system without hard links.
function isOtherFileSystem(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EXDEV' || code === 'EPERM' || code === 'ENOTSUP'
}
