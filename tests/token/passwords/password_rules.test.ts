import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  PasswordRules,
  type PasswordRulesOptions,
} from '../../../src/token/passwords/password_rules.ts'

function broken(
  password: string,
  about: string[] = [],
  options: PasswordRulesOptions = {},
): string[] {
  return new PasswordRules(options).check(password, about).map((rule) => rule.code)
}

test('a good password breaks no rule, whatever its characters', () => {
  for (const password of [
    'correct horse battery',
    'ÄÖÜ ist gut so',
    '        x',
    '🐴🔋📎🐎🐴🔋📎🐎',
  ]) {
    assert.deepEqual(broken(password), [])
  }
})

test('length is counted in characters of the normal form', () => {
  assert.deepEqual(broken('kz8#qLm'), ['password_too_short'])
  assert.deepEqual(broken('🐴🔋📎🐎'), ['password_too_short'])
  assert.deepEqual(broken('e\u0308'.repeat(7)), ['password_too_short'])
  assert.deepEqual(broken('kz8#qLm', [], { minLength: 7 }), [])
  assert.deepEqual(broken('kz8#qLm2', [], { minLength: 15 }), ['password_too_short'])
})

test('what attackers try first is refused, in any case of letters', () => {
  for (const password of [
    'password',
    'Password1',
    'QWERTYUIOP',
    '12345678',
    'iloveyou',
    'ｐａｓｓｗｏｒｄ',
  ]) {
    assert.deepEqual(broken(password), ['password_too_common'], password)
  }
  assert.deepEqual(broken('admin'), ['password_too_short', 'password_too_common'])
  assert.deepEqual(broken('password', [], { allowCommon: true }), [])
})

test('the comments of the list are no passwords', () => {
  assert.deepEqual(broken('# Copyright (c) 2021 @zxcvbn-ts'), [])
})

test("a password is not the user's name or address", () => {
  const about = ['marguerite', 'marguerite.d@example.com', 'Al']
  for (const password of [
    'marguerite',
    'Marguerite1',
    'marguerite.d',
    'marguerite.d@example.com',
  ]) {
    assert.deepEqual(broken(password, about), ['password_too_personal'], password)
  }
  assert.deepEqual(broken('marguerite likes tea', about), [])
  assert.deepEqual(broken('alalalal', about), [])
  assert.deepEqual(broken('marguerite', about, { allowPersonal: true }), [])
})

test('what cannot be hashed is refused with its reason alone', () => {
  assert.deepEqual(broken('x'.repeat(1_025)), ['password_too_long'])
  assert.deepEqual(broken('x'.repeat(50_000_000)), ['password_too_long'])
  assert.deepEqual(broken('half \ud800 character'), ['password_malformed'])
})
