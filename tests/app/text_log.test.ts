import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import fc from 'fast-check'
import { pino } from 'pino'
import { textLog } from '../../src/app/text_log.ts'

function logger() {
  const out = new PassThrough()
  const log = pino({ level: 'trace' }, textLog(out))
  return { log, read: () => String(out.read() ?? '') }
}

test('a line has time, level, message and fields, without what every line has', () => {
  const { log, read } = logger()
  log.warn({ ms: 12, table: 'tasks', where: { id: 1 }, note: 'two words' }, 'slow')
  assert.match(
    read(),
    /^\d\d:\d\d:\d\d\.\d{3} WARN {2}slow ms=12 table=tasks where={"id":1} note="two words"\n$/,
  )
  log.child({ request_id: 'c6b2a1d0-0c59-4c3e-8a63-1b1d6f1f5a11' }).info('hello')
  assert.match(read(), /INFO {2}hello request_id=c6b2a1d0\n$/)
})

test('an error has its stack below, with its causes and its own fields', () => {
  const { log, read } = logger()
  const cause = new RangeError('too far')
  log.error({ err: Object.assign(new TypeError('no luck', { cause }), { code: 'E_LUCK' }) }, 'oh')
  const lines = read().split('\n')
  assert.match(lines[0] ?? '', /ERROR oh$/)
  assert.equal(lines[1], '    TypeError: no luck')
  assert.match(lines[2] ?? '', /^ {8}at .*text_log\.test\.ts/)
  assert.ok(lines.includes('    caused by: RangeError: too far'))
  assert.equal(lines.at(-2), '    code=E_LUCK')
})

test('a request is told in few words', () => {
  const { log, read } = logger()
  log.info({ method: 'GET', target: '/a?b=1', status: 200, ms: 1.5, request_id: 'x' }, 'request')
  assert.match(read(), /INFO {2}GET \/a\?b=1 200 1\.5 ms\n$/)
  log.info({ method: 'GET', target: '/', status: 200, ms: 3, aborted: true }, 'request')
  assert.match(read(), /INFO {2}GET \/ aborted 3 ms\n$/)
})

test('whatever is logged, a line stays a line and nothing steers the terminal', () => {
  const { log, read } = logger()
  const text = fc.oneof(
    fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
    fc.constant('\u001B[2J\n12:00 INFO fake\r'),
  )
  fc.assert(
    fc.property(text, text, fc.jsonValue({ maxDepth: 1 }), (message, target, value) => {
      log.info({ target, method: target, status: 200, ms: 1, value }, message)
      const [line = '', ...more] = read().split('\n')
      assert.deepEqual(more, [''])
      // oxlint-disable-next-line no-control-regex -- that there are none
      assert.doesNotMatch(line, /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/)
    }),
    { numRuns: 50 },
  )
})

test("lines that are no records of pino's are passed on", () => {
  const out = new PassThrough()
  const lines = textLog(out)
  lines.write('not JSON\n')
  lines.write('{"level":"info","time":"no time","msg":3}\n')
  assert.equal(String(out.read()), 'not JSON\ninfo\n')
})
