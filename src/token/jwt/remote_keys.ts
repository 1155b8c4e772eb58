import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type RemoteJWKSetOptions,
} from 'jose'
import type { Clock } from '../../lib/clock.ts'
import { InvalidKey } from '../invalid_key.ts'
import type { CompactToken } from './compact_token.ts'
import type { Algorithm } from './key.ts'
import type { KeySource } from './key_source.ts'
import { badSignature, isSigned } from './signature.ts'
import { TokenError } from './token_error.ts'

export interface RemoteKeysOptions {
  /** What the issuer signs with. Never taken from a token or the key set. Default RS256, ES256 and EdDSA. */
  algorithms?: readonly Exclude<Algorithm, 'HS256'>[]
  /** How long keys are used before they are fetched again. Default 10 minutes. */
  maxAgeMs?: number
  /** Unknown keys lead to a fetch this often at most, and so do failures. Default 30 seconds. */
  cooldownMs?: number
  /** Default 5 seconds. */
  timeoutMs?: number
  /** How long the last keys are still used while the issuer does not answer. Default 1 hour. */
  staleMs?: number
  /** Default 256 KiB. */
  maxBytes?: number
  fetch?: typeof fetch
  clock?: Clock
}

/** The public keys of another issuer, fetched from its JWKS when a token needs them. */
export class RemoteKeys implements KeySource {
  readonly #algorithms: readonly string[]
  readonly #download: KeyDownload
  readonly #find: ReturnType<typeof createRemoteJWKSet>

  /** @throws {InvalidKey} when the address is neither `https:` nor of this machine */
  constructor(address: string | URL, options: RemoteKeysOptions = {}) {
    const url = new URL(address)
    if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
      throw new InvalidKey(`Keys are fetched by https, not from ${url.origin}.`)
    }
    this.#algorithms = options.algorithms ?? ['RS256', 'ES256', 'EdDSA']
    this.#download = new KeyDownload(options)
    const settings: RemoteJWKSetOptions = {
      cacheMaxAge: options.maxAgeMs ?? 600_000,
      cooldownDuration: options.cooldownMs ?? 30_000,
      timeoutDuration: options.timeoutMs ?? 5_000,
      [customFetch]: (href, init) => this.#download.fetch(href, init),
    }
    this.#find = createRemoteJWKSet(url, settings)
  }

  /** Changes when a fetch brings other keys. Nothing counts as verified when they are due to be fetched. */
  get version(): number | undefined {
    return this.#find.fresh ? this.#download.version : undefined
  }

  async verify(token: CompactToken): Promise<void> {
    if (!this.#algorithms.includes(token.algorithm)) {
      throw new TokenError('token_algorithm_not_allowed', 'The specified alg value is not allowed')
    }
    if (!(await this.#isSigned(token))) throw badSignature()
  }

  async #isSigned(token: CompactToken): Promise<boolean> {
    try {
      return await isSigned(token, this.#find)
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) return isSignedByAny(token, error)
      throw toTokenError(error)
    }
  }
}

/** A token without `kid`: each key of its algorithm may be the one. */
async function isSignedByAny(
  token: CompactToken,
  keys: errors.JWKSMultipleMatchingKeys,
): Promise<boolean> {
  for await (const key of keys) {
    if (await isSigned(token, () => key)) return true
  }
  return false
}

function toTokenError(cause: unknown): TokenError {
  if (cause instanceof errors.JWKSNoMatchingKey) {
    return new TokenError('token_unknown_key', 'The token is signed with a key that is not known.')
  }
  return new TokenError('token_keys_unavailable', 'The keys of the issuer cannot be fetched.', {
    cause,
  })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}

/** Fetches with limits, remembers failures for a while, and gives the last good answer in their place. */
class KeyDownload {
  version = 0
  readonly #options: RemoteKeysOptions
  readonly #now: Clock
  #last: { text: string; at: number } | undefined = undefined
  #failure: { error: unknown; at: number } | undefined = undefined

  constructor(options: RemoteKeysOptions) {
    this.#options = options
    this.#now = options.clock ?? Date.now
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const { cooldownMs = 30_000, staleMs = 3_600_000 } = this.#options
    if (!this.#failure || this.#now() - this.#failure.at >= cooldownMs) await this.#try(url, init)
    if (!this.#failure && this.#last) return new Response(this.#last.text)
    if (this.#last && this.#now() - this.#last.at < staleMs) return new Response(this.#last.text)
    throw this.#failure?.error
  }

  async #try(url: string, init: RequestInit): Promise<void> {
    try {
      const response = await (this.#options.fetch ?? fetch)(url, init)
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`)
      const text = await readText(response, this.#options.maxBytes ?? 262_144)
      // An answer that is no key set, such as a login page, must not replace the keys.
      createLocalJWKSet(JSON.parse(text))
      if (text !== this.#last?.text) this.version++
      this.#last = { text, at: this.#now() }
      this.#failure = undefined
    } catch (error) {
      this.#failure = { error, at: this.#now() }
    }
  }
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new Error(`A key set of more than ${maxBytes} bytes.`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text
}
