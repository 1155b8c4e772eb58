import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { accessIn } from '../../../src/sql/postgresql/access.ts'

suite('what the text of a statement tells', () => {
  test('is a read only where it may be one', () => {
    const reads = [
      'select 1',
      '  -- insert\n select 1',
      '/* a /* b */ select 1',
      '(select 1) union (select 2)',
      'with t as (select 1) select * from t',
      "select 'insert into x', E'it\\'s; delete', $$update$$, $q$ delete $$ $q$, \"update\" from t",
      'values (1)',
      'table tasks',
      'explain select 1',
      'show timezone',
      "select U&'\\0061'",
    ]
    for (const sql of reads) assert.equal(accessIn(sql), 'read', sql)
    const writes = [
      'insert into t values (1)',
      'with t as (insert into x values (1) returning *) select * from t',
      'select * into x from t',
      'select * from t for update',
      'select * from t for no key update of t skip locked',
      'SELECT * FROM t FOR\n KEY SHARE',
      'select 1 for share',
      'explain analyze delete from t',
      "select set_config('a.b', 'c', true)",
      'select pg_advisory_xact_lock(1)',
      "select pg_notify('a', 'b')",
      'create table t (a int)',
      'do $$ begin end $$',
      'call p()',
      'merge into t using s on true when matched then delete',
      'set local search_path = app',
      'set constraints all deferred',
      'lock table t',
      '',
    ]
    for (const sql of writes) assert.equal(accessIn(sql), 'write', sql)
  })

  test('is refused where it would end the transaction or change the connection', () => {
    const ending = [
      'begin',
      'START transaction',
      ' commit',
      '/**/rollback',
      'end',
      'savepoint a',
      "prepare transaction 'a'",
    ]
    for (const sql of ending) assert.throws(() => accessIn(sql), /db\.transaction\(\)/, sql)
    const changing = [
      'set search_path = a',
      'set session a = 1',
      'reset all',
      'discard all',
      'listen a',
      'prepare a as select 1',
      'deallocate all',
    ]
    for (const sql of changing) assert.throws(() => accessIn(sql), /shared/, sql)
  })
})
