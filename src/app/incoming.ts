import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { parseCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'
import { readBytes } from '../http/body/read_bytes.ts'
import { type ReadForm, readForm } from '../http/body/form.ts'
import { parseJSON, requireJSONType } from '../http/body/json.ts'
import { decodePath } from '../http/path/decode.ts'
import { parseQuery } from '../lib/urlencoded.ts'
import { type Limits, toFormOptions } from './limits.ts'
import { NO_QUERY, type TextValues } from './query.ts'
import { rawTarget } from './target.ts'

/** A request as it came; nothing here is validated. */
export class Incoming {
  /** Fastify's own request, for what its plugins add. */
  readonly fastify: FastifyRequest
  readonly #limits: Limits
  #bytes: Promise<Buffer> | undefined = undefined
  #form: Promise<ReadForm> | undefined = undefined
  #cookies: Readonly<Record<string, string | undefined>> | undefined = undefined

  constructor(fastify: FastifyRequest, limits: Limits) {
    this.fastify = fastify
    this.#limits = limits
  }

  /** Node's own request. Read the body through {@link bytes}, not from here. */
  get raw(): IncomingMessage {
    return this.fastify.raw
  }

  get method(): string {
    return this.raw.method ?? 'GET'
  }

  /** Path and query string as they were sent, percent-encoded. */
  get target(): string {
    return rawTarget(this.raw)
  }

  /** The path, decoded. */
  get path(): string {
    return decodePath(this.target.split('?', 1)[0] ?? '/')
  }

  /** The query string as text, decoded; the contract's `query` converts and checks it. */
  get query(): TextValues {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the engine's parser of query strings makes it
    const query = this.fastify.query as TextValues
    return query === NO_QUERY ? parseQuery(searchOf(this.target)) : query
  }

  /** Header names are in lower case. */
  get headers(): IncomingHttpHeaders {
    return this.raw.headers
  }

  get cookies(): Readonly<Record<string, string | undefined>> {
    this.#cookies ??= parseCookie(this.raw.headers.cookie ?? '')
    return this.#cookies
  }

  /** The client's address; the one that a trusted proxy forwarded, see the app's `trustProxy`. */
  get ip(): string {
    return this.fastify.ip
  }

  /** `https://shop.example:8443`: from a trusted proxy's headers, else from the connection and `Host`. */
  get origin(): string {
    return `${this.fastify.protocol}://${this.fastify.host}`
  }

  /** Without the port, in lower case. */
  get hostname(): string {
    return this.fastify.hostname.toLowerCase()
  }

  /** @returns the value of a header, whatever the case of its name; several lines joined by commas */
  header(name: string): string | undefined {
    const value = this.raw.headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : value
  }

  /** Whether the client takes `type`, such as `'text/html'`, as readily as JSON. */
  prefers(type: string): boolean {
    const accepted = this.header('accept') ?? ''
    const [first = ''] = accepted.split(/[,;]/, 1)
    return first.trim().toLowerCase() === type
  }

  /**
   * The body as it came, as a webhook's signature needs it. Read once, kept for `json` and the contract.
   *
   * @throws {PayloadTooLarge} when it is larger than the route's `maxBodyBytes`
   */
  bytes(): Promise<Buffer> {
    this.#bytes ??= readBytes(this.raw, { maxBytes: this.#limits.maxBodyBytes })
    return this.#bytes
  }

  /** The body as UTF-8 text. @throws {PayloadTooLarge} */
  async text(): Promise<string> {
    return (await this.bytes()).toString('utf8')
  }

  /**
   * The body as JSON, unchecked; a contract's `json` is the better way.
   *
   * @param options.force read it whatever its content type says
   * @throws {UnsupportedMediaType} when its content type is not JSON
   * @throws {BadRequest} when it is malformed
   */
  async json(options: { force?: boolean } = {}): Promise<unknown> {
    if (!options.force) requireJSONType(this.raw.headers['content-type'])
    return parseJSON(await this.bytes())
  }

  /**
   * The body as a form: urlencoded or multipart. Its files are removed when the request ends.
   *
   * @throws {UnsupportedMediaType} when it is no form
   * @throws {PayloadTooLarge} when a part, or the whole, is larger than the limits
   */
  form(): Promise<ReadForm> {
    this.#form ??= readForm(this.raw, toFormOptions(this.#limits, this.raw.headers['content-type']))
    return this.#form
  }

  /** Remove what the body left behind: temporary files of uploads. */
  async dispose(): Promise<void> {
    if (!this.#form) return
    const form = await this.#form.catch(() => undefined)
    await form?.dispose()
  }

  /** Whether {@link dispose} has anything to do. */
  get hasFiles(): boolean {
    return this.#form !== undefined
  }
}

function searchOf(target: string): string {
  const mark = target.indexOf('?')
  return mark === -1 ? '' : target.slice(mark + 1)
}
