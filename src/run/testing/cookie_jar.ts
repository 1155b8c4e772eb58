import { parseSetCookie, stringifyCookie } from 'cookie'

/** The cookies that a test client has been given; paths and domains are not told apart. */
export class CookieJar {
  readonly #cookies = new Map<string, string>()

  get(name: string): string | undefined {
    return this.#cookies.get(name)
  }

  set(name: string, value: string): void {
    this.#cookies.set(name, value)
  }

  clear(): void {
    this.#cookies.clear()
  }

  /** @returns the `Cookie` header with `more` besides; undefined when there is nothing to send */
  header(more: Readonly<Record<string, string>>): string | undefined {
    const all = { ...Object.fromEntries(this.#cookies), ...more }
    return Object.keys(all).length === 0 ? undefined : stringifyCookie(all)
  }

  /** Take what an answer sets, and drop what it expires. */
  keep(lines: string | string[] | undefined): void {
    for (const line of [lines ?? []].flat()) {
      const { name, value, maxAge, expires } = parseSetCookie(line)
      const isOver = maxAge === undefined ? expires && expires.getTime() <= Date.now() : maxAge <= 0
      if (isOver) this.#cookies.delete(name)
      else this.#cookies.set(name, value ?? '')
    }
  }
}
