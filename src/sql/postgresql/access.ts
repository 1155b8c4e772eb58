import type { Query } from '../driver.ts'
import { DatabaseError } from '../errors.ts'

/**
 * What a statement's text tells of it. Only what is certain to write is a `write`: what is taken for a read runs
 * where the server refuses writes, so that a function that writes is found there.
 *
 * @throws {DatabaseError} when it would end the transaction, or change a connection that is shared
 */
export function accessIn(sql: string): Query['access'] {
  const bare = bareText(sql)
  const [, first = '', second = ''] = /^[\s(;]*([a-z]+)\s*([a-z]*)/i.exec(bare) ?? []
  const refusal = refusalOf(first.toLowerCase(), second.toLowerCase()) ?? refusalOfCopy(first, bare)
  if (refusal !== undefined) throw new DatabaseError(refusal)
  return READS.has(first.toLowerCase()) && !WRITES.test(bare) ? 'read' : 'write'
}

const READS: ReadonlySet<string> = new Set(['select', 'with', 'values', 'table', 'show', 'explain'])

/** Also what has an effect that the server would not refuse, such as locks that end with the statement. */
const WRITES =
  /\b(?:insert|update|delete|merge|into|for\s+(?:no\s+key\s+|key\s+)?(?:update|share)|set_config|pg_notify|pg_(?:try_)?advisory\w*|lo_\w+|dblink\w*)\b/i

const TRANSACTIONS: ReadonlySet<string> = new Set([
  'abort',
  'begin',
  'commit',
  'end',
  'release',
  'rollback',
  'savepoint',
  'start',
])

const SESSION: ReadonlySet<string> = new Set([
  'deallocate',
  'discard',
  'listen',
  'load',
  'prepare',
  'reset',
  'unlisten',
])

function refusalOf(first: string, second: string): string | undefined {
  const isForTransaction = second === 'transaction' || second === 'session'
  if (TRANSACTIONS.has(first) || (first === 'prepare' && isForTransaction)) {
    return 'Transactions are begun and ended by the unit of work; use db.transaction().'
  }
  const isLasting = first === 'set' && second !== 'local' && second !== 'constraints'
  if (!isLasting && !SESSION.has(first)) return undefined
  return `${first.toUpperCase()} would change a connection that is shared. For one unit of work there is SET LOCAL.`
}

/** What it would wait for never comes. */
function refusalOfCopy(first: string, bare: string): string | undefined {
  const isStreamed = /^copy$/i.test(first) && /\bstd(?:in|out)\b/i.test(bare)
  return isStreamed ? 'COPY from or to the client is not supported.' : undefined
}

/** Comments, texts and quoted names, in which words mean nothing. */
const QUOTED =
  /--[^\n]*|\/\*[^]*?\*\/|\b[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[a-z_]\w*)?\$)[^]*?\1/gi

function bareText(sql: string): string {
  return sql.replaceAll(QUOTED, ' ')
}
