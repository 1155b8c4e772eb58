import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { DatabaseError } from '../../../src/sql/errors.ts'
import { accessOf, tableIn } from '../../../src/sql/mariadb/statement.ts'

suite('what the text of a statement tells on MariaDB', () => {
  test('that it reads', () => {
    const reads = [
      'select 1',
      ' -- update\n/* delete */ # insert\nSELECT * from a',
      '(select 1) union (select 2)',
      `select 'for update into', "into", \`into\` from a`,
      `select 'it''s \\' into' from a`,
      'with a as (select 1) select * from a',
      'show tables',
      'explain update a set b = 1',
      'describe a',
      'values (1)',
      'analyze format=json select * from a',
    ]
    for (const sql of reads) assert.equal(accessOf(sql), 'read', sql)
  })

  test('that it writes, or may', () => {
    const writes = [
      'insert into a values (1)',
      'REPLACE a values (1)',
      'update a set b = 1',
      'delete from a',
      'call a()',
      'do sleep(0)',
      'select * from a for update',
      'select * from a lock in share mode',
      'select 1 into @a',
      "select 1 into outfile '/tmp/a'",
      'select nextval(a)',
      'select next value for a',
      'with a as (select 1) update b set c = 1',
      'with a as (select (select 1)) delete from b',
      'analyze update a set b = 1',
    ]
    for (const sql of writes) assert.equal(accessOf(sql), 'write', sql)
  })

  test('that a session may not run it, and why', () => {
    const refused = {
      begin: /unit of work/,
      'start transaction': /unit of work/,
      '/* a */ commit': /unit of work/,
      'savepoint a': /unit of work/,
      'xa end': /unit of work/,
      'create table a (b int)': /commits what was written/,
      'create temporary table a (b int)': /commits what was written/,
      'truncate a': /deleteMany/,
      'analyze table a': /commits what was written/,
      'drop table a': /createTables/,
      'set @@session.sql_mode = ""': /shared/,
      'use other': /shared/,
      'lock tables a write': /shared/,
      "prepare a from 'commit'": /shared/,
      "execute immediate 'commit'": /shared/,
      "select get_lock('a', 1)": /shared/,
      'kill 1': /shared/,
      'flush tables': /shared/,
      'if 1 then commit; end if': /shared/,
      'select 1 /*! into outfile "a" */': /executes/,
      '/*M!100100 delete from a */': /executes/,
      '': /no statement/,
      '-- nothing': /no statement/,
    }
    for (const [sql, message] of Object.entries(refused)) {
      assert.throws(
        () => accessOf(sql),
        (error) => error instanceof DatabaseError && message.test(error.message),
        sql,
      )
    }
  })

  test('which table it writes', () => {
    assert.equal(tableIn('insert into `a` (b) values (1)'), 'a')
    assert.equal(tableIn('INSERT IGNORE INTO a values (1)'), 'a')
    assert.equal(tableIn('update "a" set b = 1'), 'a')
    assert.equal(tableIn('with a as (select 1) update b set c = 1'), undefined)
  })
})
