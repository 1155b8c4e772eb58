import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { ClientGone } from '../../../src/http/body/client_gone.ts'
import { type FormOptions, type ReadForm, readForm } from '../../../src/http/body/form.ts'
import { HTTPError } from '../../../src/http/errors.ts'
import { serve } from './serve.ts'

const MULTIPART = 'multipart/form-data; boundary=q'

type Body = NonNullable<RequestInit['body']>

interface Told {
  fields: Record<string, string | string[]>
  files: Record<string, [filename: string, type: string, text: string][]>
}

/** A server that tells what it read of a form, and the directory that must be empty after each request. */
async function reader(
  options: Partial<FormOptions> = {},
  look: (form: ReadForm) => Promise<void> | void = () => {},
) {
  const directory = mkdtempSync(join(tmpdir(), 'form-test-'))
  const server = await serve(async (request, response) => {
    await using form = await readForm(request, { maxBytes: 1 << 22, directory, ...options })
    await look(form)
    response.end(JSON.stringify(await tell(form)))
  })
  async function send(body: Body, type?: string): Promise<{ status: number; told: Told }> {
    const init = { method: 'POST', body, duplex: 'half' as const, ...headersOf(type) }
    const answer = await fetch(server.url, init)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `tell` made it
    const told = (await answer.json()) as Told
    assert.deepEqual(await emptied(directory), [])
    return { status: answer.status, told }
  }
  async function dispose(): Promise<void> {
    await server[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true })
  }
  return { server, directory, send, [Symbol.asyncDispose]: dispose }
}

function headersOf(type: string | undefined): { headers?: Record<string, string> } {
  return type === undefined ? {} : { headers: { 'content-type': type } }
}

async function tell({ fields, files }: ReadForm): Promise<Told> {
  const told: Told = { fields, files: {} }
  for (const [name, list] of Object.entries(files)) {
    told.files[name] = await Promise.all(
      list.map(async (file) => [file.filename, file.type, await file.text()] as const),
    ).then((all) => all.map((each) => [...each]))
  }
  return told
}

/** The answer is sent a moment before the files are gone. */
async function emptied(directory: string): Promise<string[]> {
  for (let i = 0; i < 100 && readdirSync(directory).length > 0; i++) await wait(5)
  return readdirSync(directory)
}

function part(disposition: string, content: string, more = ''): string {
  return `--q\r\nContent-Disposition: ${disposition}\r\n${more}\r\n${content}\r\n`
}

test('an urlencoded form has fields, repeated ones as lists', async () => {
  await using form = await reader()
  const type = 'application/x-www-form-urlencoded; charset=UTF-8'
  const { told } = await form.send('a=1+2&b=%C3%A9&a=été&__proto__=x', type)
  assert.deepEqual(Object.entries(told.fields), [
    ['a', ['1 2', 'été']],
    ['b', 'é'],
    ['__proto__', 'x'],
  ])
})

test('a multipart form has fields and files', async () => {
  await using form = await reader()
  const data = new FormData()
  data.append('text', 'Hello "API" é')
  data.append('text', '')
  data.append('a"b', '1')
  data.append('doc', new File(['naïve'], 'naïve "x".txt', { type: 'text/plain' }))
  const { status, told } = await form.send(data)
  assert.equal(status, 200)
  assert.deepEqual(told.fields, { text: ['Hello "API" é', ''], 'a"b': '1' })
  assert.deepEqual(told.files, { doc: [['naïve "x".txt', 'text/plain', 'naïve']] })
})

test('a file that nobody chose is a file without name and content', async () => {
  await using form = await reader()
  const none = part(
    'form-data; name="f"; filename=""',
    '',
    'Content-Type: application/octet-stream\r\n',
  )
  const { told } = await form.send(`${none}--q--\r\n`, MULTIPART)
  assert.deepEqual(told.files, { f: [['', 'application/octet-stream', '']] })
})

test('any form comes through, however its bytes are cut', async () => {
  await using form = await reader()
  const content = fc.string({
    unit: fc.constantFrom('\r', '\n', '-', 'q', 'é', 'x'),
    maxLength: 60,
  })
  const safe = content.filter((text) => !`\r\n${text}\r\n`.includes('\r\n--q'))
  const parts = fc.array(fc.tuple(safe, fc.boolean()), { minLength: 1, maxLength: 6 })
  const cuts = fc.array(fc.nat(200), { maxLength: 6 })
  const property = fc.asyncProperty(parts, cuts, async (given, sizes) => {
    const body = given
      .map(([text, isFile], i) =>
        part(`form-data; name="${i}"${isFile ? '; filename="f"' : ''}`, text),
      )
      .join('')
    const { status, told } = await form.send(cut(`${body}--q--\r\n`, sizes), MULTIPART)
    assert.equal(status, 200)
    for (const [i, [text, isFile]] of given.entries()) {
      assert.equal(isFile ? told.files[i]?.[0]?.[2] : told.fields[i], text)
    }
  })
  await fc.assert(property, { numRuns: 60 })
})

/** Each piece is an HTTP chunk, and one event of the request. */
function cut(text: string, sizes: number[]): ReadableStream {
  let rest = Buffer.from(text)
  const pieces = sizes.map((size) => {
    const piece = rest.subarray(0, size)
    rest = rest.subarray(size)
    return piece
  })
  return ReadableStream.from([...pieces, rest].filter((piece) => piece.length > 0))
}

test('a spoiled form is read or refused, and never waits', async () => {
  await using form = await reader({ maxFiles: 3 })
  const whole = [
    part('form-data; name="a"', 'one'),
    part('form-data; name="f"; filename="x"', 'two'),
    part('form-data; name="b"', ''),
    '--q--\r\n',
  ].join('')
  const spoil = fc.tuple(
    fc.nat(whole.length),
    fc.nat(12),
    fc.constantFrom('', '--q', '\r\n--q', '--', '\r\n\r\n', ':', '"'),
  )
  const property = fc.asyncProperty(
    fc.array(spoil, { minLength: 1, maxLength: 3 }),
    async (spoils) => {
      let body = whole
      for (const [at, length, text] of spoils)
        body = body.slice(0, at) + text + body.slice(at + length)
      const { status } = await form.send(body, MULTIPART)
      assert.ok(status === 200 || status === 400 || status === 413, `${status} for ${body}`)
    },
  )
  await fc.assert(property, { numRuns: 150 })
})

test('a malformed multipart form is 400', async () => {
  await using form = await reader()
  const named = part('form-data; name="a"', '1')
  const bodies: [body: string, type?: string][] = [
    [`${named}--q--`, 'multipart/form-data'],
    [`${named}--q--`, 'multipart/form-data; boundary='],
    [`${named}--q--`, `multipart/form-data; boundary=${'q'.repeat(71)}`],
    [''],
    ['nothing'],
    [named],
    [named.slice(0, -5)],
    [part('form-data', '1') + '--q--'],
    [part('form-data; filename="a"', '1') + '--q--'],
    [part('attachment; name="a"', '1') + '--q--'],
    ['--q\r\nContent-Type: text/plain\r\n\r\n1\r\n--q--'],
    ['--q\r\n\r\n1\r\n--q--'],
    ['--q\r\nContent-Disposition: form-data; name="a"\r\n--q--'],
    [part('form-data; name="a', '1') + '--q--'],
    [part('form-data; name="a"; filename="x"', 'half').slice(0, -2)],
  ]
  for (const [body, type = MULTIPART] of bodies) {
    assert.equal((await form.send(body, type)).status, 400, body)
  }
})

test('what is before the first and after the last boundary is ignored', async () => {
  await using form = await reader()
  const body = `preamble\r\n${part('form-data; name="a"', '1')}--q--\r\nepilogue\r\n--q\r\n\r\nx`
  for (const sizes of [[], [body.indexOf('--q--') + 7], [body.length - 1]]) {
    assert.deepEqual((await form.send(cut(body, sizes), MULTIPART)).told.fields, { a: '1' })
  }
})

test('every limit is 413, and nothing is left', async () => {
  const field = part('form-data; name="a"', 'x'.repeat(50))
  const file = part('form-data; name="f"; filename="x"', 'x'.repeat(50))
  const limits: [Partial<FormOptions>, body: string, type?: string][] = [
    [{ maxFields: 1 }, field + field],
    [{ maxFieldBytes: 49 }, field],
    [{ maxFiles: 1 }, file + file],
    [{ maxFileBytes: 49 }, file],
    [{ maxBytes: 200 }, file + file],
    [{ maxFields: 1 }, 'a=1&b=2', 'application/x-www-form-urlencoded'],
  ]
  for (const [options, parts, type = MULTIPART] of limits) {
    await using form = await reader(options)
    const body = type === MULTIPART ? `${parts}--q--` : parts
    assert.equal((await form.send(body, type)).status, 413, JSON.stringify(options))
  }
})

test("another type is 415, or an empty form where Flask's way is asked for", async () => {
  await using strict = await reader()
  assert.equal((await strict.send('{}', 'application/json')).status, 415)
  assert.equal((await strict.send(new Uint8Array(3))).status, 415)
  await using lenient = await reader({ otherType: 'empty' })
  assert.deepEqual((await lenient.send('{}', 'application/json')).told, { fields: {}, files: {} })
})

test("the client's name is never a path, and its directory is private", async () => {
  let path = ''
  await using form = await reader({}, ({ files }) => {
    path = files['f']?.[0]?.path ?? ''
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700)
  })
  const names: [sent: string, kept: string][] = [
    ['../../etc/passwd', 'passwd'],
    ['C:\\dir\\evil.exe', 'evil.exe'],
    ['..', ''],
    ['a\u0000b\u202egpj.txt', 'abgpj.txt'],
    ['x'.repeat(300), 'x'.repeat(255)],
  ]
  for (const [sent, kept] of names) {
    const body = part(`form-data; name="f"; filename="${sent}"`, '1')
    const { told } = await form.send(`${body}--q--`, MULTIPART)
    assert.equal(told.files['f']?.[0]?.[0], kept)
    assert.ok(path.startsWith(form.directory))
    assert.match(path, /\/\d+$/)
  }
})

test('files are gone when the handler throws', async () => {
  await using form = await reader({}, () => {
    throw new HTTPError(409)
  })
  const body = `${part('form-data; name="f"; filename="x"', '1')}--q--`
  assert.equal((await form.send(body, MULTIPART)).status, 409)
})

test('files are gone when the client goes away in the middle of one', async () => {
  await using form = await reader()
  const result = form.server.next()
  const socket = form.server.connect()
  socket.write(
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${MULTIPART}\r\nContent-Length: 99999\r\n\r\n`,
  )
  socket.write(part('form-data; name="f"; filename="x"', 'x'.repeat(50_000)))
  while (readdirSync(form.directory).length === 0) await wait(2)
  socket.destroy()
  const settled = await result
  assert.ok(settled.status === 'rejected' && settled.reason instanceof ClientGone)
  assert.deepEqual(await emptied(form.directory), [])
})

test('a large file passes with little memory, two at once', async () => {
  await using form = await reader({ maxBytes: 1 << 26, maxFileBytes: 1 << 25 }, ({ files }) => {
    assert.equal(files['f']?.[0]?.sizeBytes, 1 << 24)
    files['f'] = []
  })
  const data = new FormData()
  data.append('f', new File([Buffer.alloc(1 << 24, 'é')], 'big'))
  const statuses = await Promise.all(
    [form.send(data), form.send(data)].map(
      async (sent) => (await sent.catch(() => ({ status: 0 }))).status,
    ),
  )
  assert.deepEqual(statuses, [200, 200])
})

test('a full disk is 503, and nothing is left', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'form-full-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const script = join(directory, 'full.ts')
  writeFileSync(script, FULL_DISK)
  const mount = `mount -t tmpfs -o size=64k none ${directory}/disk`
  const run = `${process.execPath} --conditions=@dewar/source ${script} ${import.meta.dirname} ${directory}/disk`
  spawnSync('mkdir', [`${directory}/disk`])
  const shell = ['-rm', 'sh', '-c', `${mount} || exit 77; ${run}`]
  const { status, stdout, stderr, error } = spawnSync('unshare', shell, { encoding: 'utf8' })
  if (error || status === 77 || /unshare/.test(stderr)) return t.skip('may not mount a small disk')
  assert.equal(stdout, '503 []\n', stderr)
})

const FULL_DISK = `
const [, , here, disk] = process.argv
const { readdirSync } = await import('node:fs')
const { serve } = await import(here + '/serve.ts')
const { readForm } = await import(here + '/../../../src/http/body/form.ts')
const server = await serve(async (request, response) => {
  await using form = await readForm(request, { maxBytes: 1e7, directory: disk })
  response.end()
})
const data = new FormData()
data.append('f', new File([Buffer.alloc(500_000)], 'big'))
const answer = await fetch(server.url, { method: 'POST', body: data })
console.log(answer.status, JSON.stringify(readdirSync(disk)))
await server[Symbol.asyncDispose]()
`
