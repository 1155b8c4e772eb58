import { equalInConstantTime } from '../../../token/constant_time.ts'

/** A key from the configuration. */
export interface StaticKey {
  /** Unset or empty, it lets nobody in. */
  readonly key: string | undefined
  /** All that it may; without them, everything. */
  readonly scopes?: readonly string[]
}

/** A key that was given, found among those of the configuration. */
export interface FoundStaticKey {
  readonly name: string
  readonly scopes: readonly string[] | undefined
}

/** Keys by their names, which are the ids of whoever has them. */
export type StaticKeyOptions = Readonly<Record<string, string | undefined | StaticKey>>

/** Keys that the configuration says. */
export class StaticKeys {
  readonly #keys: readonly (FoundStaticKey & { key: string })[]

  constructor(options: StaticKeyOptions = {}) {
    this.#keys = Object.entries(options).flatMap(([name, given]) => {
      const { key, scopes } = typeof given === 'object' ? given : { key: given }
      return key === undefined || key === '' ? [] : [{ name, key, scopes }]
    })
  }

  /** Compare with all of them, so that the time tells nothing of which it was. */
  find(text: string): FoundStaticKey | undefined {
    const found = this.#keys.filter(({ key }) => equalInConstantTime(key, text))
    return found[0]
  }
}
