import type { Logger } from '../../app/logger.ts'
import { type Scope, ScopeLocal } from '../../app/scope.ts'
import { toFrames } from '../../app/stack_frames.ts'

/** So often may one request ask the same. */
const MAX_REPEATS = 10
/** So often after that it must be asked at one place. */
const MIN_AT_PLACE = 3

interface Repeated {
  count: number
  place: string | undefined
  atPlace: number
}

/** The reads of one request, by their SQL. */
class Reads {
  readonly bySQL: Map<string, Repeated> = new Map()
  /** Whether one of them was asked so often that its place is looked for. */
  isSuspect = false
}

/** Warns once when a request runs the same read again and again at one place, as for each row of a list. */
export class Repeats {
  readonly #log: Logger
  readonly #scopes = new ScopeLocal<Reads>()

  constructor(log: Logger) {
    this.#log = log
  }

  /** Whether it should be known where the queries of `scope` are made. */
  isSuspect(scope: Scope): boolean {
    return this.#scopes.get(scope)?.isSuspect ?? false
  }

  /** @param made where the query was made, when it was not where it runs */
  saw(scope: Scope, route: string, sql: string, made?: Error): void {
    const repeated = this.#repeated(scope, sql)
    repeated.count++
    if (repeated.count <= MAX_REPEATS || repeated.atPlace === MIN_AT_PLACE) return
    const place = placeOf(made ?? new Error())
    if (place === undefined) return
    repeated.atPlace = place === repeated.place ? repeated.atPlace + 1 : 1
    repeated.place = place
    if (repeated.atPlace < MIN_AT_PLACE) return
    this.#log.warn({ route, place, count: repeated.count, sql }, MESSAGE)
  }

  #repeated(scope: Scope, sql: string): Repeated {
    const reads = this.#scopes.get(scope) ?? new Reads()
    this.#scopes.set(scope, reads)
    const known = reads.bySQL.get(sql)
    if (known && known.count >= MAX_REPEATS) reads.isSuspect = true
    if (known) return known
    const repeated = { count: 0, place: undefined, atPlace: 0 }
    reads.bySQL.set(sql, repeated)
    return repeated
  }
}

/** The line of the app's own code that is nearest. */
function placeOf({ stack = '' }: Error): string | undefined {
  const frame = toFrames(stack, '').find(({ isOwn }) => isOwn)
  return frame && `${frame.file}:${frame.line}`
}

const MESSAGE =
  'the same statement ran again and again in one request, as for each row of a list (N+1); ' +
  'load related rows with `with`, or all at once with a list of keys'
