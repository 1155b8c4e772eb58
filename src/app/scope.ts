import { AsyncLocalStorage } from 'node:async_hooks'
import type { AnyApp } from './app.ts'
import type { RequestContext } from './context.ts'

/** Who acts: set by sign-in, read by policies, cache keys and limits. */
export interface Principal {
  /** Stable and unique among the app's principals, such as a user's id. */
  readonly id: string
  readonly roles?: readonly string[]
}

/** Work that ends with its scope: kept when it succeeds, undone when it fails. */
export interface UnitOfWork {
  /** Without a promise where there is nothing to wait for. */
  commit(): void | Promise<void>
  rollback(): Promise<void>
}

/** What a piece of work is done in: one request, one job, one command, one test. */
export class Scope {
  readonly app: AnyApp
  readonly kind: 'request' | 'job' | 'command' | 'test'
  /** Only in a request. */
  readonly request: RequestContext | undefined
  principal: Principal | undefined = undefined
  /** The values of every {@link ScopeLocal}; read and set through those. */
  locals: Map<object, unknown> | undefined = undefined
  #units: UnitOfWork[] | undefined = undefined
  #isOver = false

  constructor(app: AnyApp, kind: Scope['kind'], request?: RequestContext) {
    this.app = app
    this.kind = kind
    this.request = request
  }

  /** Whether anything waits for {@link commit} or {@link rollback}. */
  get hasWork(): boolean {
    return this.#units !== undefined
  }

  /**
   * Have `unit` committed when this scope ends well, and rolled back when it does not.
   *
   * @throws {Error} when the scope is over, as in a handler that goes on after its request timed out
   */
  enlist(unit: UnitOfWork): void {
    if (this.#isOver)
      throw new Error(`This ${this.kind} is over; nothing can be written in it any more.`)
    this.#units ??= []
    this.#units.push(unit)
  }

  /** From here on nothing can be enlisted. For a scope in which nothing was. */
  end(): void {
    this.#isOver = true
  }

  /** Commit in the order of enlisting; what has not been committed when one fails is for {@link rollback}. */
  commit(): void | Promise<void> {
    this.#isOver = true
    const units = this.#units ?? []
    for (let unit = units[0]; unit; unit = units[0]) {
      const committed = unit.commit()
      if (committed instanceof Promise) {
        return committed.then(() => {
          units.shift()
          return this.commit()
        })
      }
      units.shift()
    }
    this.#units = undefined
  }

  /** Roll back, last enlisted first. Every unit gets its turn, even when one fails. */
  async rollback(): Promise<void> {
    this.#isOver = true
    const units = this.#units ?? []
    this.#units = undefined
    const outcomes = await Promise.allSettled(units.toReversed().map((unit) => unit.rollback()))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed) throw failed.reason
  }
}

/**
 * What an extension keeps for each scope, such as its session; gone with the scope.
 *
 * Not a `WeakMap` by scope: its entries outlive all young collections, and with them whole requests.
 */
export class ScopeLocal<T extends {}> {
  get(scope: Scope): T | undefined {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `set` put it there under the same key
    return scope.locals?.get(this) as T | undefined
  }

  set(scope: Scope, value: T): void {
    scope.locals ??= new Map()
    scope.locals.set(this, value)
  }
}

/** Every scope that is open in this process; one store for all apps, which find themselves through it. */
export const scopes: AsyncLocalStorage<Scope> = new AsyncLocalStorage<Scope>()

/**
 * The scope that the running code is in.
 *
 * @throws {Error} outside of any; says how to open one
 */
export function currentScope(): Scope {
  const scope = scopes.getStore()
  if (scope) return scope
  throw new Error(
    'There is no scope here: this code runs outside of a request, a job, a command or a test. ' +
      'Open one with `await app.withScope(async () => { … })`.',
  )
}

/** Who acts in the current scope; undefined when nobody signed in. */
export function currentPrincipal(): Principal | undefined {
  return currentScope().principal
}
