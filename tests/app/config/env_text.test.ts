import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ConfigError } from '../../../src/app/config/config_error.ts'
import { parseEnvText } from '../../../src/app/config/env_text.ts'

const parse = (text: string) => ({ ...parseEnvText(text, '.env') })

test('entries, comments and blank lines', () => {
  const text = [
    '# a comment',
    '',
    'A=1',
    '  export B = two words   ',
    'C=pass#word # the old one',
    'D= ',
    "E='it # \\n' # c",
    'F="a\\nb\\t\\"q\\" \\x"',
    'G="first',
    'second"',
    "H=it's",
    'I==x=',
    'J=`"`',
    'A=2',
  ]
  assert.deepEqual(parse(text.join('\r\n')), {
    A: '2',
    B: 'two words',
    C: 'pass#word',
    D: '',
    E: 'it # \\n',
    F: 'a\nb\t"q" \\x',
    G: 'first\nsecond',
    H: "it's",
    I: '=x=',
    J: '"',
  })
})

test('a line that is not an entry is named, and not shown', () => {
  for (const line of [
    'hunter2',
    '=hunter2',
    'A="hunter2',
    "A='hunter2' x",
    'A B=hunter2',
    '1A=hunter2',
  ]) {
    assert.throws(
      () => parse(`X=1\n\n${line}\nY=2`),
      (error) => {
        assert.ok(error instanceof ConfigError)
        assert.match(error.message, /\.env, line 3, is not NAME=value/)
        return !error.message.includes('hunter2')
      },
    )
  }
})

test('any value in quotes is read as it was written', () => {
  const name = fc.stringMatching(/^[A-Za-z_]\w{0,9}$/)
  const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\r'))
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (entries) => {
      const text = entries.map(([key, item]) => `${key}="${quote(item)}" # c`).join('\n')
      assert.deepEqual(parseEnvText(text, '.env'), toRecord(entries))
    }),
  )
})

test('any text is read or refused', () => {
  const unit = fc.constantFrom('A', '=', '"', "'", '`', '\\', '#', ' ', '\n', '\t', '\r', 'é')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
      try {
        parse(text)
      } catch (error) {
        assert.ok(error instanceof ConfigError)
      }
    }),
  )
})

function toRecord(entries: [string, string][]): Record<string, string> {
  const record: Record<string, string> = Object.create(null)
  for (const [name, value] of entries) record[name] = value
  return record
}

function quote(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
