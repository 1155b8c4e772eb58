import type { Context, CookieOptions } from '../../app/context.ts'
import type { TokenPair } from './token_pair.ts'

/** The header that repeats the CSRF cookie. */
export const CSRF_HEADER = 'x-csrf-token'

export interface TokenCookiesOptions {
  /**
   * `false` is for plain HTTP in development: then the names have no `__Host-`, and nothing keeps a neighbour on the
   * same domain from setting them. Default: true.
   */
  secure?: boolean
  /** Default: `'lax'`. */
  sameSite?: 'lax' | 'strict' | 'none'
}

/** Tokens in cookies that no script can read, and beside them one that the app's own pages can. */
export class TokenCookies {
  readonly names: { readonly access: string; readonly refresh: string; readonly csrf: string }
  readonly #options: CookieOptions

  constructor({ secure = true, sameSite = 'lax' }: TokenCookiesOptions = {}) {
    if (sameSite === 'none' && !secure) {
      throw new TypeError('Browsers refuse cookies with SameSite=None that are not secure.')
    }
    // Browsers take `__Host-` only from this host, for all paths, over TLS.
    const prefix = secure ? '__Host-' : ''
    this.names = {
      access: `${prefix}access_token`,
      refresh: `${prefix}refresh_token`,
      csrf: `${prefix}csrf_token`,
    }
    this.#options = { secure, sameSite, path: '/' }
  }

  /** Give the client its tokens. They go with the browser's session where `isLasting` is false. */
  set(c: Context, { access, refresh, csrf }: TokenPair, nowMs: number, isLasting = true): void {
    const { names } = this
    const until = (exp: number) =>
      isLasting ? { maxAge: Math.max(0, exp - Math.floor(nowMs / 1000)) } : {}
    const accessAge = until(access.claims.exp)
    c.setCookie(names.access, access.token, { ...this.#options, ...accessAge })
    const lastAge = refresh ? until(refresh.claims.exp) : accessAge
    if (refresh) c.setCookie(names.refresh, refresh.token, { ...this.#options, ...lastAge })
    if (csrf !== undefined && refresh) {
      c.setCookie(names.csrf, csrf, { ...this.#options, ...lastAge, httpOnly: false })
    }
  }

  /** Make the client forget its tokens. */
  clear(c: Context): void {
    for (const name of Object.values(this.names)) {
      c.setCookie(name, '', { ...this.#options, maxAge: 0 })
    }
  }
}
