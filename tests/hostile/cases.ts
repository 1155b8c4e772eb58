import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Answer, attack } from './connection.ts'
import { startTarget } from './hostile_app.ts'

/** One hostile request, and what must come of it. */
export interface Case {
  readonly name: string
  readonly bytes: string | Buffer
  /** Of each answer, in order. */
  readonly statuses: readonly number[]
  /** Whether an honest request on the same connection gets its own answer then. Default: it does. */
  readonly isKept?: boolean
  /** Whether what follows would belong to the bytes, so that nothing may. */
  readonly isHalf?: boolean
  /** What the last answer must hold. */
  readonly body?: RegExp | undefined
  readonly check?: (answer: Answer) => void
}

/** `'GET /path'` with headers. */
export function get(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`
}

/** @param body each character is one byte */
export function post(path: string, type: string, body: string, headers = ''): string {
  const length = `Content-Length: ${body.length}\r\n`
  return `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\n${length}${headers}\r\n${body}`
}

/** Expect one answer, and an honest one after it. */
export function answered(
  name: string,
  bytes: string | Buffer,
  status: number,
  body?: RegExp,
): Case {
  return { name, bytes, statuses: [status], body }
}

/** Expect one answer, and the end of the connection. */
export function closed(name: string, bytes: string | Buffer, status: number, body?: RegExp): Case {
  return { name, bytes, statuses: [status], isKept: false, body }
}

/** Run every case as a test, all against one app. */
export async function runCases(cases: readonly Case[]): Promise<void> {
  const target = await startTarget()
  after(() => target[Symbol.asyncDispose]())
  for (const each of cases) {
    test(each.name, async () => {
      const { answers, isKept } = await attack(target.port, each.bytes, each.isHalf)
      const statuses = answers.map(({ status }) => status)
      assert.deepEqual(
        { statuses, isKept },
        { statuses: each.statuses, isKept: each.isKept ?? true },
      )
      for (const answer of answers) checkAnswer(answer)
      const last = answers.at(-1)
      if (each.body) assert.match(last?.body ?? '', each.body)
      if (last) each.check?.(last)
      assert.deepEqual(target.errors, [])
      assert.equal(Reflect.get({}, 'polluted'), undefined)
    })
  }
}

function checkAnswer({ status, headers, body }: Answer): void {
  assert.equal(headers['x-evil'], undefined)
  assert.doesNotMatch(headers['content-type'] ?? '', /html/)
  assert.doesNotMatch(body, /node_modules|\.ts:\d|at \w+ \(/)
  if (status < 400 || body === '') return
  assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.equal(JSON.parse(body).status, status)
}
