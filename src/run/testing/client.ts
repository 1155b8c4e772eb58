import type { AnyApp } from '../../app/app.ts'
import { UNEXPECTED } from '../../app/unexpected.ts'
import { type Body, encodeBody } from './bodies.ts'
import { CookieJar } from './cookie_jar.ts'

/** What came back: status, headers and body, read whole. */
export interface TestAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly bytes: Buffer
  readonly text: string
  /**
   * The body as JSON.
   *
   * @throws {SyntaxError} when it is not
   */
  // oxlint-disable-next-line typescript/no-explicit-any -- a test compares it with what it expects
  json(): any
}

export interface RequestOptions extends Body {
  readonly headers?: Readonly<Record<string, string>>
  /** Added to the path's query string; a list repeats the name. */
  readonly query?: Readonly<
    Record<string, string | number | boolean | readonly (string | number)[]>
  >
  /** Sent besides what earlier answers have set. */
  readonly cookies?: Readonly<Record<string, string>>
}

export interface TestClientOptions {
  /**
   * Give an error that nobody expected to the test, in place of its 500. Default: true.
   */
  readonly raises?: boolean
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Keep cookies from answer to request, as a browser does. Default: true. */
  readonly keepsCookies?: boolean
}

type Send = (path: string, options?: RequestOptions) => Promise<TestAnswer>

/**
 * Calls an app in process, without a socket; closes the app when it goes out of scope.
 *
 * Paths are normalised as a browser does it: `/a/../b` asks for `/b`.
 */
export class TestClient implements AsyncDisposable {
  readonly app: AnyApp
  readonly cookies: CookieJar = new CookieJar()
  readonly get: Send = (path, options) => this.request('GET', path, options)
  readonly head: Send = (path, options) => this.request('HEAD', path, options)
  readonly options: Send = (path, options) => this.request('OPTIONS', path, options)
  readonly post: Send = (path, options) => this.request('POST', path, options)
  readonly put: Send = (path, options) => this.request('PUT', path, options)
  readonly patch: Send = (path, options) => this.request('PATCH', path, options)
  readonly delete: Send = (path, options) => this.request('DELETE', path, options)
  readonly #options: TestClientOptions

  constructor(app: AnyApp, options: TestClientOptions = {}) {
    this.app = app
    this.#options = options
  }

  /** @throws whatever the app did not expect, unless the client was told not to raise */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<TestAnswer> {
    await this.app.ready()
    const { payload, headers } = encodeBody(options)
    const { keepsCookies = true, raises = true } = this.#options
    const cookie = this.cookies.header({ ...options.cookies })
    const response = await this.app.fastify.inject({
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any method may be tried
      method: method as 'GET',
      url: withQuery(path, options.query),
      headers: {
        ...this.#options.headers,
        ...headers,
        ...(cookie !== undefined && { cookie }),
        ...options.headers,
      },
      ...(payload !== undefined && { payload }),
    })
    const unexpected = UNEXPECTED.get(response.raw.res)
    if (raises && unexpected) throw unexpected.error
    if (keepsCookies) this.cookies.keep(response.headers['set-cookie'])
    return toAnswer(response.statusCode, response.headers, response.rawPayload)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.app.close()
  }
}

/**
 * Call an app without a socket.
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { testClient } from 'dewar/testing'
 *
 * const app = new App('hello')
 * app.get('/', () => ({ hello: 'world' }))
 * await using client = testClient(app)
 * ```
 */
export function testClient(app: AnyApp, options?: TestClientOptions): TestClient {
  return new TestClient(app, options)
}

function toAnswer(status: number, headers: object, bytes: Buffer): TestAnswer {
  const text = bytes.toString('utf8')
  return { status, headers: { ...headers }, bytes, text, json: () => JSON.parse(text) }
}

function withQuery(path: string, query: RequestOptions['query']): string {
  if (!query) return path
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each): [string, string] => [name, String(each)]),
  )
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(pairs).toString()}`
}
