import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { toSource } from '../../../src/http/path/build.ts'
import { defineConverter } from '../../../src/http/path/converter.ts'
import { parsePath, PathError } from '../../../src/http/path/grammar.ts'

const fails = (path: string, message: RegExp) =>
  assert.throws(
    () => parsePath(path),
    (error) => error instanceof PathError && message.test(error.message),
    path,
  )

test('a path is statics and parameters', () => {
  const parts = parsePath('/shops/<shop>/orders/<int(min=1, max=9):order_id>.json')
  assert.deepEqual(
    parts.map((part) => (part.kind === 'static' ? part.text : [part.name, part.source])),
    [
      '/shops/',
      ['shop', '<shop>'],
      '/orders/',
      ['order_id', '<int(min=1, max=9):order_id>'],
      '.json',
    ],
  )
})

test('repeated slashes in a declared path are one', () => {
  assert.equal(toSource(parsePath('//a///<b>//')), '/a/<b>/')
})

test('arguments are positional, named, quoted, and of either spelling of true', () => {
  const [, any] = parsePath(`/<any(a, "b c",'d,e', f-g):x>`)
  assert.ok(any?.kind === 'param')
  assert.deepEqual(any.converter.jsonSchema.enum, ['a', 'b c', 'd,e', 'f-g'])
  for (const args of ['signed=True', 'signed = true', '0, None, None, true', 'signed=True,']) {
    const [, int] = parsePath(`/<int(${args}):x>`)
    assert.ok(int?.kind === 'param')
    assert.equal(int.converter.parse('-3'), -3, args)
  }
})

test('a mistake in a path says what and where', () => {
  fails('tasks', /must begin with a slash/)
  fails('/<int:id', /malformed at "<int:id"/)
  fails('/<int id>', /malformed at "<int id>"/)
  fails('/<>', /malformed/)
  fails('/<1a>', /malformed/)
  fails('/<int(<a>):b>', /malformed/)
  fails('/a>', /stray ">"/)
  fails('/a?b=<c>', /stray "\?"/)
  fails('/<a>/<int:a>', /two parameters named "a"/)
  fails('/<__proto__>', /may not name "__proto__"/)
  fails(
    '/<integr:id>',
    /"integr", which does not exist. Did you mean "int"\? Known are string, int,/,
  )
  fails('/<toString:id>', /"toString", which does not exist/)
  fails('/<x(:id>', /malformed/)
})

test('a mistake in arguments names the parameter and what the converter takes', () => {
  fails('/<int(mim=1):id>', /<int\(mim=1\):id> is wrong: unknown argument "mim": it takes fixed_/)
  fails('/<int(1,2,3,True,5):id>', /too many arguments/)
  fails('/<int(min=a):id>', /"min" must be a number, not "a"/)
  fails('/<int(min=1.5):id>', /"min" must be an integer/)
  fails('/<int(min=1, min=2):id>', /"min" is given twice/)
  fails('/<int(1, fixed_digits=2):id>', /"fixed_digits" is given twice/)
  fails('/<int(signed=maybe):id>', /must be True or False/)
  fails('/<int(fixed_digits=-1):id>', /at least 0/)
  fails('/<string(length=0):id>', /"length" must be an integer of at least 1/)
  fails('/<string(minlength=3,maxlength=2):id>', /"maxlength" is less/)
  fails('/<bigint(min=1.5):id>', /"min" must be an integer/)
  fails('/<uuid(4):id>', /it takes none/)
  fails('/<path(4):id>', /it takes none/)
  fails('/<any():id>', /needs the texts/)
  fails('/<any(a, "b/c"):id>', /"b\/c" can never be a segment/)
  fails('/<any(a b):id>', /cannot read the arguments/)
  fails('/<any("a):id>', /cannot read the arguments/)
  fails('/<any(a,,b):id>', /cannot read the arguments/)
})

test("an app's own converter is checked when a path names it", () => {
  const grouped = defineConverter({ pattern: '(a)', parse: String, format: String })
  assert.throws(() => parsePath('/<x:a>', { x: grouped }), /capture groups/)
  assert.throws(() => parsePath('/<x(1):a>', { x: grouped }), /it takes none/)
  assert.throws(() => defineConverter({ pattern: '(', parse: String, format: String }), SyntaxError)
})

test('any text is read as a path or refused as one', () => {
  const piece = fc.constantFrom('<', '>', '(', ')', ':', ',', '=', '"', 'int', 'any', 'a', '/', ' ')
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      try {
        parsePath(`/${pieces.join('')}`)
      } catch (error) {
        assert.ok(error instanceof PathError)
      }
    }),
  )
})
