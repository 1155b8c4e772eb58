/** Which hosts an app is asked by. */
export class Hosts {
  readonly #names: ReadonlySet<string>
  /** `.example.com` */
  readonly #suffixes: readonly string[]

  /** @throws {TypeError} when one is not a name alone */
  constructor(hosts: readonly string[]) {
    const names = hosts.map((host) => host.toLowerCase().replace(/\.$/, ''))
    for (const name of names) {
      if (/^(?:\*\.)?[a-z\d-]+(?:\.[a-z\d-]+)*$|^\[[\da-f:.]+\]$/.test(name)) continue
      throw new TypeError(
        `Not a host: "${name}". Write its name alone, "api.example.com", or "*.example.com" for those below.`,
      )
    }
    this.#names = new Set(names)
    this.#suffixes = names.filter((name) => name.startsWith('*.')).map((name) => name.slice(1))
  }

  /** @param host as it was asked for, without a port */
  has(host: string): boolean {
    if (this.#names.has(host)) return true
    const name = host.toLowerCase().replace(/\.$/, '')
    return this.#names.has(name) || this.#suffixes.some((suffix) => name.endsWith(suffix))
  }
}
