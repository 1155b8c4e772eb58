import type { z } from 'zod'
import { type ErrorMap, keyOf, wordsFor } from './error_map.ts'
import type { FieldMessages, Issue, Messages } from './messages.ts'
import type { AnySchema } from './traverse.ts'

type RawIssue = z.core.$ZodRawIssue
type Issues = readonly z.core.$ZodIssue[]
type Path = readonly PropertyKey[]

/** An answer that lists more helps nobody, and a small body could ask for millions. */
const MAX_MESSAGES = 1000

/** Where messages go that belong to no field: those about the input as a whole. */
const WHOLE = '_schema'
const NOWHERE: Path = []

/** Word the issues of a failed load and sort them by field. */
export function toFieldMessages(
  issues: readonly RawIssue[],
  error: ErrorMap,
  messages: Messages,
): FieldMessages {
  const collector = new Collector(error, messages)
  for (const issue of issues.length > MAX_MESSAGES ? issues.slice(0, MAX_MESSAGES) : issues) {
    collector.add(issue, NOWHERE)
  }
  return collector.fields
}

class Collector {
  readonly fields: FieldMessages = {}
  readonly #error: ErrorMap
  readonly #messages: Messages
  #left = MAX_MESSAGES

  constructor(error: ErrorMap, messages: Messages) {
    this.#error = error
    this.#messages = messages
  }

  add(issue: RawIssue | z.core.$ZodIssue, above: Path): void {
    const own = issue.path ?? NOWHERE
    const path = above.length === 0 ? own : [...above, ...own]
    const message = this.#messageOf(issue)
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys.slice(0, this.#left)) this.#put([...path, key], message)
    } else if (issue.code === 'invalid_union' && message === this.#words('invalid', issue)) {
      this.#addUnion(issue.errors, path, message)
    } else if (issue.code === 'invalid_key' && message === this.#words('invalid', issue)) {
      for (const inner of issue.issues) this.add(inner, path)
    } else if (own.length === 0 && above.length > 0 && message === this.#words('type', issue)) {
      // A union's members do not know where they stand: to each its value is the whole input.
      this.#put(path, wordsFor(keyOf({ input: {}, ...issue, path: above }), issue, this.#messages))
    } else this.#put(path, message)
  }

  /** Say what is wrong with the member that fits best, when there is one. */
  #addUnion(members: readonly Issues[], path: Path, message: string): void {
    const best = bestFit(members)
    if (best) for (const inner of best) this.add(inner, path)
    else this.#put(path, message)
  }

  /** The order of zod's own `finalizeIssue`, which copies each issue besides: half the time of a refusal. */
  #messageOf(issue: RawIssue | z.core.$ZodIssue): string {
    return isRaw(issue) ? (ownWords(issue) ?? this.#error(issue)) : issue.message
  }

  #words(key: 'invalid' | 'type', issue: Issue): string {
    return wordsFor(key, issue, this.#messages)
  }

  #put(path: Path, message: string): void {
    if (this.#left-- <= 0) return
    let level = this.fields
    for (let i = 0; i < path.length - 1; i++) level = levelAt(level, String(path[i]))
    putMessage(level, path.length === 0 ? WHOLE : String(path.at(-1)), message)
  }
}

/** Zod words the members of a union itself, and leaves the rest to us; a user's function may do either. */
function isRaw(issue: RawIssue | z.core.$ZodIssue): issue is RawIssue {
  return !issue.message
}

/** What the check or schema that objects was given to say, else the schema that the check belongs to. */
function ownWords(issue: RawIssue): string | undefined {
  const { inst, schema } = issue
  const said = inst && wordsOf(inst._zod.def, issue)
  if (said !== undefined || !schema || (inst && isOnlySchema(inst))) return said
  return wordsOf(schema._zod.def, issue)
}

function wordsOf({ error }: { error?: unknown }, issue: RawIssue): string | undefined {
  if (typeof error !== 'function') return undefined
  const said: ReturnType<z.core.$ZodErrorMap> = error(issue)
  return (typeof said === 'object' ? said?.message : said) ?? undefined
}

/** Schemas own what they raise; string formats and `z.custom()`, which are checks too, have an owner. */
function isOnlySchema(inst: AnySchema | z.core.$ZodCheck): boolean {
  return 'run' in inst._zod && !('check' in inst._zod)
}

/** The errors of the one member for whose kind the value is, with the fewest faults; `null` and `undefined` are no kind. */
function bestFit(members: readonly Issues[]): Issues | undefined {
  const fits = members.filter((issues) => !issues.some(isOfAnotherKind))
  if (fits.length > 0) return fits.reduce((best, each) => (each.length < best.length ? each : best))
  const kinds = members.filter((issues) => !issues.some(wantsNothing))
  return kinds.length === 1 ? kinds[0] : undefined
}

function isOfAnotherKind({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}

function wantsNothing(issue: z.core.$ZodIssue): boolean {
  return (
    issue.code === 'invalid_type' && (issue.expected === 'null' || issue.expected === 'undefined')
  )
}

function levelAt(level: FieldMessages, key: string): FieldMessages {
  const known = ownMember(level, key)
  if (known !== undefined && !Array.isArray(known)) return known
  const inner: FieldMessages = known === undefined ? {} : { [WHOLE]: known }
  setMember(level, key, inner)
  return inner
}

function putMessage(level: FieldMessages, key: string, message: string): void {
  const known = ownMember(level, key)
  if (known === undefined) setMember(level, key, [message])
  else if (!Array.isArray(known)) putMessage(known, WHOLE, message)
  else if (!known.includes(message)) known.push(message)
}

function ownMember(level: FieldMessages, key: string): string[] | FieldMessages | undefined {
  return Object.hasOwn(level, key) ? level[key] : undefined
}

/** A client may name a field `__proto__`: it is reported like any other, never assigned through. */
function setMember(level: FieldMessages, key: string, value: string[] | FieldMessages): void {
  if (key !== '__proto__') level[key] = value
  else
    Object.defineProperty(level, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
}
