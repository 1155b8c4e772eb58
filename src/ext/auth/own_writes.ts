import { currentScope, Scope, scopes } from '../../app/scope.ts'
import type { DatabasePort } from './database_port.ts'

/**
 * Write in a transaction of its own, and wait for it; in the request's, where that has one open.
 *
 * What must be kept whatever becomes of the request is written by {@link DatabasePort.outside} itself.
 */
export async function writeFirst<T>(db: DatabasePort, work: () => Promise<T>): Promise<T> {
  let isLate = false
  let done: Promise<T> | undefined
  await db.outside(() => {
    if (isLate) return undefined
    done = work()
    return done
  })
  isLate = true
  // `outside` waits for the open transaction to end, which waits for us.
  return done ?? work()
}

/** Read what others have committed, whatever this request has begun. */
export function readApart<T>(work: () => T): T {
  return scopes.run(new Scope(currentScope().app, 'command'), work)
}
