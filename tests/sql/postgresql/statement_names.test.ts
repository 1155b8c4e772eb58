import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StatementNames } from '../../../src/sql/postgresql/statement_names.ts'

test('few statements stay prepared, those that are used; no name is given twice', () => {
  const kept = new Set<string>()
  const given = new Set<string>()
  const names = new StatementNames()
  const tidy = () => names.takeForgotten().forEach((name) => kept.delete(name))
  const nameOf = (sql: string) => {
    const name = names.nameOf(sql, false)!
    if (!kept.has(name)) assert.ok(!given.has(name), name)
    given.add(name)
    kept.add(name)
    return name
  }
  const first = nameOf('often')
  for (let i = 0; i < 2000; i++) {
    nameOf(`select ${i}`)
    assert.equal(nameOf('often'), first)
    tidy()
    assert.ok(kept.size <= 200)
  }
  assert.equal(names.nameOf('once', true), undefined)
  assert.match(names.nameOf('once', true) ?? '', /^d\d+$/)
  names.drop('often')
  tidy()
  assert.ok(!kept.has(first))
  assert.notEqual(nameOf('often'), first)
})
