import type { FileAnswer, ListReply, RawReply, Reply, ReplyHeaders } from '../http/reply.ts'
import type { Duration } from '../lib/duration.ts'
import type { Dump } from '../schema/dump.ts'
import type { ObjectLike, SchemaLike } from '../schema/schema_like.ts'
import type { AnyMiddleware } from './middleware.ts'

/** Everything that a route promises: checked on the way in, checked on the way out, published. */
export interface Contract {
  /** For people and `urlFor`: `'get_task'`, called `'tasks.get_task'` in the blueprint `tasks`. Default: the handler's name. */
  name?: string
  summary?: string
  description?: string
  tags?: readonly string[]
  deprecated?: boolean
  /** The query string, converted from text. What it does not name is ignored. */
  query?: ObjectLike
  /** Request headers, converted from text. Names match whatever their case. */
  headers?: ObjectLike
  /** Cookies, converted from text. */
  cookies?: ObjectLike
  /** The JSON body. What it does not name is refused, unless it says otherwise. */
  json?: SchemaLike
  /** Text fields of an urlencoded or multipart body, converted from text. */
  form?: ObjectLike
  /** Files of a multipart body, see `uploadedFile`. */
  files?: ObjectLike
  /** The body of the answer: one schema for 200, or one per status; `null` for a status without a body. */
  output?: SchemaLike | Outputs
  /** Runs in order, around validation and handler, before the body is read. */
  use?: readonly AnyMiddleware[]
  /** Answer 503 when validation and handler take longer. */
  timeout?: Duration
  /** The largest body that is read, in bytes. Default: the app's `maxBodyBytes`. */
  maxBodyBytes?: number
  /** Only requests for this host: `'api.example.com'` or `'<tenant>.example.com'`. */
  host?: string
  /** `false` answers with and without a slash at the end alike. Default: true. */
  strictSlashes?: boolean
  /** Values for parameters that the path does not hold. */
  defaults?: Readonly<Record<string, unknown>>
}

/** An output for each status that the route may answer with. */
export type Outputs = Readonly<Record<number, SchemaLike | null>>

type Loaded<C, Place extends string> =
  C extends Record<Place, infer S extends SchemaLike> ? S['_zod']['output'] : undefined

/** What the contract adds to the context: validated, converted, typed. */
export interface Inputs<C> {
  readonly query: Loaded<C, 'query'>
  readonly headers: Loaded<C, 'headers'>
  readonly cookies: Loaded<C, 'cookies'>
  readonly json: Loaded<C, 'json'>
  readonly form: Loaded<C, 'form'>
  readonly files: Loaded<C, 'files'>
}

/** Answers that no output schema describes. */
type Undescribed = RawReply | FileAnswer | Response

type Body<S> = S extends SchemaLike ? Dump<S> : null | undefined

type Triple<Status, B> =
  | readonly [body: B, status: Status]
  | readonly [body: B, status: Status, headers: ReplyHeaders]

type ByStatus<O> = {
  [S in keyof O]: S extends number
    ? Reply<S, Body<O[S]>> | Triple<S, Body<O[S]>> | Items<S, Body<O[S]>>
    : never
}[keyof O]

/** A list may be written while its items come. */
type Items<Status extends number, B> = B extends readonly (infer Item)[]
  ? ListReply<Status, Item>
  : never

type Plain<O> = 200 extends keyof O ? Body<O[200 & keyof O]> : Body<O[keyof O]>

/** What a handler under contract `C` may return. */
export type Result<C> = C extends { output: infer O }
  ? O extends SchemaLike
    ? Dump<O> | Reply<200, Dump<O>> | Triple<200, Dump<O>> | Items<200, Dump<O>> | Undescribed
    : Plain<O> | ByStatus<O> | Undescribed
  : unknown

/** Every name that a contract may hold; TypeScript proves that none is left out. */
const MEMBERS: Readonly<Record<keyof Contract, true>> = {
  name: true,
  summary: true,
  description: true,
  tags: true,
  deprecated: true,
  query: true,
  headers: true,
  cookies: true,
  json: true,
  form: true,
  files: true,
  output: true,
  use: true,
  timeout: true,
  maxBodyBytes: true,
  host: true,
  strictSlashes: true,
  defaults: true,
}

/**
 * Find at start-up what the types cannot.
 *
 * @throws {TypeError} when `contract` has a member that no contract has, or promises what cannot be
 */
export function checkContract(path: string, contract: Contract): void {
  const unknown = Object.keys(contract).find((name) => !Object.hasOwn(MEMBERS, name))
  if (unknown !== undefined) {
    const known = Object.keys(MEMBERS).join(', ')
    throw new TypeError(
      `The contract of ${path} has no member "${unknown}". It may have: ${known}.`,
    )
  }
  if (contract.json && (contract.form ?? contract.files)) {
    throw new TypeError(`The contract of ${path} reads its body as json and as a form. Choose one.`)
  }
}
