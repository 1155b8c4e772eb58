import type { Query } from '../driver.ts'
import { DatabaseError } from '../errors.ts'

/**
 * Whether a statement reads or writes, as far as its text tells. What a function in a SELECT does it does not: the
 * connections that read refuse to write.
 *
 * @throws {DatabaseError} when the statement is not one that a session can run
 */
export function accessOf(sql: string): Query['access'] {
  const bare = sql.replaceAll(COMMENTS_AND_QUOTED, (text) => (/^['"`]/.test(text) ? '_' : ' '))
  if (EXECUTED_COMMENT.test(bare)) throw new DatabaseError(NO_EXECUTED_COMMENTS)
  const words = bare.toUpperCase().match(/[\w$@]+|[()]/g) ?? []
  const verb = verbOf(words)
  const refusal = refusalOf(verb, words)
  if (refusal !== undefined) throw new DatabaseError(refusal)
  if (WRITES.has(verb)) return 'write'
  return READS.has(verb) && !isWriting(words.join(' ')) ? 'read' : 'write'
}

/** The table that a statement inserts into or updates. @returns undefined where its text does not begin with it */
export function tableIn(sql: string): string | undefined {
  return /^\s*(?:insert|replace|update)\s+(?:(?:ignore|into)\s+)*[`"]?(\w+)/i.exec(sql)?.[1]
}

/** What words mean nothing in. */
const COMMENTS_AND_QUOTED =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--(?=\s|$)[^\n]*|#[^\n]*|\/\*(?!M?!).*?\*\//gs

/** In `/*! … *\/` the server runs what others skip. */
const EXECUTED_COMMENT = /\/\*M?!/

const NO_EXECUTED_COMMENTS =
  'Comments that the server executes (/*! … */) hide what a statement does; write it without.'

/** The first word; after WITH that of what stands after the common tables. */
function verbOf(words: readonly string[]): string {
  const first = words.find((word) => word !== '(') ?? ''
  if (first !== 'WITH') return first
  let depth = 0
  for (const word of words) {
    if (word === '(') depth++
    else if (word === ')') depth--
    else if (depth === 0 && AFTER_WITH.has(word)) return word
  }
  return 'SELECT'
}

const AFTER_WITH: ReadonlySet<string> = new Set(['SELECT', 'UPDATE', 'DELETE', 'INSERT', 'REPLACE'])
const WRITES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'CALL', 'DO'])
const READS: ReadonlySet<string> = new Set([
  'SELECT',
  'VALUES',
  'TABLE',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXPLAIN',
  'ANALYZE',
])

/** Whether what begins as a read locks rows, writes a file or a variable, raises a sequence, or analyzes by doing. */
function isWriting(text: string): boolean {
  return (
    /\b(?:FOR UPDATE|FOR SHARE|IN SHARE MODE|INTO|NEXTVAL|SETVAL|NEXT VALUE)\b/.test(text) ||
    /^ANALYZE .*\b(?:INSERT|UPDATE|DELETE|REPLACE)\b/.test(text)
  )
}

function refusalOf(verb: string, words: readonly string[]): string | undefined {
  if (TRANSACTIONS.has(verb)) {
    return 'Transactions are begun and ended by the unit of work; use db.transaction().'
  }
  if (DEFINITIONS.has(verb) || (verb === 'ANALYZE' && words.includes('TABLE'))) {
    return (
      `${verb} commits what was written before, so it can be no part of a unit of work. ` +
      'Tables are made by db.createTables() and by migrations, and emptied by db.deleteMany().'
    )
  }
  const lock = words.find((word) => LOCKS.has(word))
  if (lock !== undefined) return `${lock}() would change a connection that is shared.`
  if (WRITES.has(verb) || READS.has(verb)) return undefined
  return verb === ''
    ? 'There is no statement.'
    : `${verb} is no statement for a connection that is shared.`
}

const LOCKS: ReadonlySet<string> = new Set(['GET_LOCK', 'RELEASE_LOCK', 'RELEASE_ALL_LOCKS'])

const TRANSACTIONS: ReadonlySet<string> = new Set([
  'START',
  'BEGIN',
  'END',
  'COMMIT',
  'ROLLBACK',
  'SAVEPOINT',
  'RELEASE',
  'XA',
])

/** What commits whatever was written before. */
const DEFINITIONS: ReadonlySet<string> = new Set([
  'CREATE',
  'ALTER',
  'DROP',
  'RENAME',
  'TRUNCATE',
  'GRANT',
  'REVOKE',
  'OPTIMIZE',
  'REPAIR',
])
