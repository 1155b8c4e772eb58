import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { PayloadTooLarge } from '../errors.ts'
import type { PartHeader } from './part_header.ts'
import { TemporaryDirectory } from './temporary_directory.ts'
import { UploadedFile } from './uploaded_file.ts'

export interface PartLimits {
  maxFields: number
  maxFieldBytes: number
  maxFiles: number
  maxFileBytes: number
}

/** One part, taken in. */
export interface Entry {
  name: string
  value: string | UploadedFile
}

/** Takes in the parts of one form: fields in memory, files on disk. */
export class FormParts {
  readonly #limits: PartLimits
  readonly #parent: string
  readonly #onError: (error: unknown) => void
  readonly #parts: Readable[] = []
  readonly #entries: Promise<Entry>[] = []
  #directory: Promise<TemporaryDirectory> | undefined
  #fieldCount = 0
  #fileCount = 0

  /**
   * @param parent where the directory for the files is made
   * @param onError hears at once that a part cannot be taken in
   */
  constructor(limits: PartLimits, parent: string, onError: (error: unknown) => void) {
    this.#limits = limits
    this.#parent = parent
    this.#onError = onError
  }

  /** @throws {PayloadTooLarge} when there are too many fields or files */
  add(part: Readable, header: PartHeader): void {
    const isField = header.filename === undefined
    if (isField) this.#requireFewer(++this.#fieldCount, this.#limits.maxFields, 'fields')
    else this.#requireFewer(++this.#fileCount, this.#limits.maxFiles, 'files')
    this.#parts.push(part)
    const entry = isField ? this.#field(part, header) : this.#file(part, header, this.#fileCount)
    entry.catch(this.#onError)
    this.#entries.push(entry)
  }

  /** All parts, in the order of the form, when the last one is taken in. */
  all(): Promise<Entry[]> {
    return Promise.all(this.#entries)
  }

  /** Remove the files, half-written ones too. */
  async dispose(): Promise<void> {
    for (const part of this.#parts) part.destroy()
    await Promise.allSettled(this.#entries)
    const directory = await this.#directory?.catch(ignore)
    await directory?.remove()
  }

  #requireFewer(count: number, limit: number, what: string): void {
    if (count > limit) throw new PayloadTooLarge(`The form has more than ${limit} ${what}.`)
  }

  async #field(part: Readable, { name }: PartHeader): Promise<Entry> {
    const chunks: Buffer[] = []
    for await (const chunk of limited(part, this.#limits.maxFieldBytes, name)) chunks.push(chunk)
    return { name, value: Buffer.concat(chunks).toString('utf8') }
  }

  async #file(part: Readable, header: PartHeader, serial: number): Promise<Entry> {
    const { name, filename = '', type } = header
    this.#directory ??= TemporaryDirectory.create(this.#parent)
    const { path: directory } = await this.#directory
    const target = createWriteStream(join(directory, String(serial)), { flags: 'wx' })
    await pipeline(limited(part, this.#limits.maxFileBytes, name), target)
    const { bytesWritten: sizeBytes, path } = target
    const init = { fieldName: name, filename, type, sizeBytes, path: String(path) }
    return { name, value: new UploadedFile(init) }
  }
}

async function* limited(part: Readable, maxBytes: number, name: string): AsyncGenerator<Buffer> {
  let total = 0
  for await (const chunk of part as AsyncIterable<Buffer>) {
    total += chunk.length
    if (total > maxBytes) {
      throw new PayloadTooLarge(`The form's "${name}" is larger than ${maxBytes} bytes.`)
    }
    yield chunk
  }
}

function ignore(): undefined {}
