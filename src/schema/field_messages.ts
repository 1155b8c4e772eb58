import { z } from 'zod'
import { keyOf, wordsFor } from './error_map.ts'
import type { FieldMessages, Issue, Messages } from './messages.ts'

type Issues = readonly z.core.$ZodIssue[]
type Path = readonly PropertyKey[]

/** An answer that lists more helps nobody, and a small body could ask for millions. */
const MAX_MESSAGES = 1000

/** Where messages go that belong to no field: those about the input as a whole. */
const WHOLE = '_schema'

/** Word the issues of a failed load and sort them by field. */
export function toFieldMessages(
  issues: readonly Issue[],
  context: z.core.ParseContext<z.core.$ZodIssue>,
  messages: Messages,
): FieldMessages {
  const collector = new Collector(messages)
  const config = z.config()
  for (const issue of issues.slice(0, MAX_MESSAGES)) {
    collector.add(z.core.util.finalizeIssue(issue, context, config), [])
  }
  return collector.fields
}

class Collector {
  readonly fields: FieldMessages = {}
  readonly #messages: Messages
  #left = MAX_MESSAGES

  constructor(messages: Messages) {
    this.#messages = messages
  }

  add(issue: z.core.$ZodIssue, above: Path): void {
    const path = above.length === 0 ? issue.path : [...above, ...issue.path]
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys.slice(0, this.#left)) this.#put([...path, key], issue.message)
    } else if (issue.code === 'invalid_union' && issue.message === this.#words('invalid', issue)) {
      this.#addUnion(issue, path)
    } else if (issue.code === 'invalid_key' && issue.message === this.#words('invalid', issue)) {
      for (const inner of issue.issues) this.add(inner, path)
    } else this.#put(path, issue.path.length === 0 ? this.#nested(issue, above) : issue.message)
  }

  /** Say what is wrong with the member that fits best, when there is one. */
  #addUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): void {
    const best = bestFit(issue.errors)
    if (best) for (const inner of best) this.add(inner, path)
    else this.#put(path, issue.message)
  }

  /** A union's members do not know where they stand: to each its value is the whole input. */
  #nested(issue: z.core.$ZodIssue, above: Path): string {
    if (above.length === 0 || issue.message !== this.#words('type', issue)) return issue.message
    return wordsFor(
      keyOf({ input: {}, ...issue, path: [...above] } as Issue),
      issue as Issue,
      this.#messages,
    )
  }

  #words(key: 'invalid' | 'type', issue: z.core.$ZodIssue): string {
    return wordsFor(key, issue as Issue, this.#messages)
  }

  #put(path: Path, message: string): void {
    if (this.#left-- <= 0) return
    let level = this.fields
    for (const key of path.slice(0, -1)) level = levelAt(level, String(key))
    putMessage(level, String(path.at(-1) ?? WHOLE), message)
  }
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
