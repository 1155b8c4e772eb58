import type { z } from 'zod'
import { parseJSON, requireJSONType } from '../http/body/json.ts'
import {
  type FieldMessages,
  type InvalidInput,
  toRefusal,
  UnsupportedMediaType,
} from '../http/errors.ts'
import { compileLoad, type Loaded } from '../schema/load.ts'
import type { Messages } from '../schema/messages.ts'
import { toZod } from '../schema/schema_like.ts'
import { compileTextLoad } from '../schema/text_load.ts'
import type { RequestContext } from './context.ts'
import type { Contract } from './contract.ts'

/**
 * Reads, converts and checks all that a contract names, and puts it on the context.
 *
 * @returns what is wrong, in every place. It is not thrown: for V8 that alone costs as much as checking a body.
 * @throws {HTTPError} when the body cannot be read: 400, 413, 415
 */
export type LoadInputs = (c: RequestContext) => Refusal | Promise<Refusal>
type Refusal = InvalidInput | undefined

type Place = 'query' | 'headers' | 'cookies' | 'json' | 'form' | 'files'
type Result = Loaded<unknown> | Promise<Loaded<unknown>>

interface Input {
  readonly place: Place
  readonly read: (c: RequestContext) => Result
}

/** @returns undefined when the contract names no input */
export function compileInputs(contract: Contract, messages: Messages): LoadInputs | undefined {
  const inputs = [...textInputs(contract, messages), ...bodyInputs(contract, messages)]
  const [only] = inputs
  if (!only) return undefined
  if (inputs.length === 1) return (c) => loadOne(c, only)
  return (c) => loadAll(c, inputs)
}

function textInputs({ query, headers, cookies }: Contract, messages: Messages): Input[] {
  const options = { messages }
  const inputs: Input[] = []
  if (query) {
    const load = compileTextLoad(toZod(query), 'query', options)
    inputs.push({ place: 'query', read: (c) => load(c.request.query) })
  }
  if (headers) {
    const load = compileTextLoad(toZod(headers), 'headers', options)
    inputs.push({ place: 'headers', read: (c) => load(c.request.headers) })
  }
  if (cookies) {
    const load = compileTextLoad(toZod(cookies), 'cookies', options)
    inputs.push({ place: 'cookies', read: (c) => load(c.request.cookies) })
  }
  return inputs
}

function bodyInputs({ json, form, files }: Contract, messages: Messages): Input[] {
  const inputs: Input[] = []
  if (json) inputs.push({ place: 'json', read: jsonReader(toZod(json), messages) })
  if (form) {
    const load = compileTextLoad(toZod(form), 'form', { messages })
    inputs.push({ place: 'form', read: (c) => c.request.form().then(({ fields }) => load(fields)) })
  }
  if (files) {
    const load = compileTextLoad(toZod(files), 'form', { messages })
    inputs.push({ place: 'files', read: (c) => c.request.form().then((read) => load(read.files)) })
  }
  return inputs
}

function jsonReader(schema: z.core.$ZodType, messages: Messages): Input['read'] {
  const load = compileLoad(schema, { messages })
  const isOptional = schema._zod.optin !== undefined
  return (c) => {
    const type = c.fastifyRequest.raw.headers['content-type']
    if (isOptional && type === undefined) return loadAbsent(c, load)
    requireJSONType(type)
    return c.request.bytes().then((bytes) => load(parseJSON(bytes)))
  }
}

/** A body may be left out, but not be sent without saying what it is. */
async function loadAbsent(
  c: RequestContext,
  load: (value: unknown) => Result,
): Promise<Loaded<unknown>> {
  const bytes = await c.request.bytes()
  if (bytes.length > 0) throw new UnsupportedMediaType('Request must be JSON')
  return load(undefined)
}

function loadOne(c: RequestContext, input: Input): Refusal | Promise<Refusal> {
  const loaded = input.read(c)
  return loaded instanceof Promise
    ? loaded.then((result) => put(c, input, result))
    : put(c, input, loaded)
}

function put(c: RequestContext, { place }: Input, loaded: Loaded<unknown>): Refusal {
  if (!loaded.ok) return toRefusal({ [place]: loaded.errors })
  c[place] = loaded.value
  return undefined
}

async function loadAll(c: RequestContext, inputs: readonly Input[]): Promise<Refusal> {
  const results = await Promise.all(inputs.map(async (input) => input.read(c)))
  const errors: Record<string, FieldMessages> = {}
  for (const [i, loaded] of results.entries()) {
    const { place } = inputs[i]!
    if (loaded.ok) c[place] = loaded.value
    else errors[place] = loaded.errors
  }
  return Object.keys(errors).length === 0 ? undefined : toRefusal(errors)
}
