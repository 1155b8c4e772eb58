import { type Rows, WrittenRows } from './touches.ts'

export type Work = () => Promise<void>

/** What hangs on the end of a unit of work, or of a part that is undone on its own. */
export class Frame {
  readonly afterCommit: Work[] = []
  readonly afterRollback: Work[] = []
  #written: WrittenRows | undefined = undefined

  get written(): Rows | 'everything' | undefined {
    return this.#written?.rows
  }

  wrote(rows: Rows | 'everything'): void {
    this.#written ??= new WrittenRows()
    this.#written.add(rows)
  }

  /** Take over what a part hung on its own end, which is no end. */
  adopt(part: Frame): void {
    this.afterCommit.push(...part.afterCommit)
    this.afterRollback.push(...part.afterRollback)
    if (part.written) this.wrote(part.written)
  }
}
