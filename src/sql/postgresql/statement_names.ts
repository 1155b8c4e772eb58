import { RecentMap } from '../../lib/recent_map.ts'

/** How many statements a connection keeps prepared, which costs the server memory. */
const MAX_NAMES = 200
const MAX_SEEN = 1000

/** The names of the statements that a connection keeps prepared. */
export class StatementNames {
  readonly #forgotten: string[] = []
  readonly #seen = new RecentMap<string, true>(MAX_SEEN)
  #young = new Map<string, string>()
  #old = new Map<string, string>()
  #given = 0

  /** How many names were given so far; none is given twice. */
  get given(): number {
    return this.#given
  }

  /**
   * The name under which a statement is prepared.
   *
   * @param isOnce whether it may be asked only once: then it gets a name when it comes again
   * @returns undefined when it has none
   */
  nameOf(sql: string, isOnce: boolean): string | undefined {
    const young = this.#young.get(sql)
    if (young !== undefined) return young
    const old = this.#old.get(sql)
    if (old !== undefined) {
      this.#old.delete(sql)
      return this.#keep(sql, old)
    }
    if (isOnce && !this.#seen.get(sql)) {
      this.#seen.set(sql, true)
      return undefined
    }
    this.#given++
    return this.#keep(sql, `d${this.#given}`)
  }

  /** Have it prepared anew when it comes again. */
  drop(sql: string): void {
    const name = this.#young.get(sql) ?? this.#old.get(sql)
    this.#young.delete(sql)
    this.#old.delete(sql)
    if (name !== undefined) this.#forgotten.push(name)
  }

  /** @returns those that the server need not keep any more */
  takeForgotten(): string[] {
    return this.#forgotten.splice(0)
  }

  #keep(sql: string, name: string): string {
    if (this.#young.size >= MAX_NAMES / 2) {
      this.#forgotten.push(...this.#old.values())
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(sql, name)
    return name
  }
}
