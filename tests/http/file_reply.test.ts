import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { NotFound } from '../../src/http/errors.ts'
import { type FileOptions, openFile } from '../../src/http/file_reply.ts'

function directory(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'file-test-'))
  t.after(() => rmSync(root, { recursive: true }))
  writeFileSync(join(root, 'a.txt'), '0123456789')
  writeFileSync(join(root, '100% é.json'), '{}')
  writeFileSync(join(root, 'empty'), '')
  writeFileSync(join(root, '.env'), 'SECRET=1')
  mkdirSync(join(root, 'sub'))
  writeFileSync(join(root, 'sub', 'b.html'), '<p>')
  return root
}

async function get(path: string, options: Partial<FileOptions> = {}) {
  const reply = await openFile(path, { method: 'GET', headers: {}, ...options })
  return { ...reply, body: reply.stream ? await text(reply.stream) : undefined }
}

test('a file is sent with its type, length and validators', async (t) => {
  const root = directory(t)
  const { status, headers, body } = await get('a.txt', { root })
  assert.deepEqual([status, body], [200, '0123456789'])
  const { etag = '', 'last-modified': modified = '', ...rest } = headers
  assert.match(etag, /^"a-[0-9a-f]+"$/)
  assert.ok(Date.now() - Date.parse(modified) < 10_000)
  assert.deepEqual(rest, {
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
    'content-length': '10',
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  })
})

test('a path is taken as it is, with or without a root', async (t) => {
  const root = directory(t)
  assert.equal((await get('100% é.json', { root })).body, '{}')
  assert.equal((await get(join(root, 'sub', '..', 'a.txt'))).body, '0123456789')
  assert.equal((await get('sub/../sub/b.html', { root })).body, '<p>')
})

test('what is not a file inside of the root is not found', async (t) => {
  const root = directory(t)
  const inner = join(root, 'sub')
  symlinkSync(join(root, 'a.txt'), join(inner, 'link'))
  symlinkSync('loop', join(inner, 'loop'))
  execFileSync('mkfifo', [join(inner, 'fifo')])
  const outside = ['../a.txt', '..', '/', join(root, 'a.txt'), 'x/../../a.txt', '..\\a.txt', 'link']
  const nothing = [
    '.',
    '',
    'none',
    'b.html/',
    'b.html/x',
    'b.html\0',
    'loop',
    'fifo',
    '%2e%2e/a.txt',
  ]
  const paths = [...outside, ...nothing, 'x'.repeat(5000), '\ud800']
  for (const path of paths) await assert.rejects(get(path, { root: inner }), NotFound, path)
  await assert.rejects(get(root), NotFound)
})

test('no path leaves the root', async (t) => {
  const root = join(directory(t), 'sub')
  const segment = fc.constantFrom(
    '..',
    '.',
    '',
    'a.txt',
    '%2e%2e',
    '..%2f',
    '\\',
    'sub',
    '\0',
    '//',
  )
  const property = fc.asyncProperty(fc.array(segment, { maxLength: 6 }), async (segments) => {
    const body = await get(segments.join('/'), { root }).then(
      (reply) => reply.body,
      () => '',
    )
    assert.notEqual(body, '0123456789')
  })
  await fc.assert(property)
})

test('dotfiles are not there unless asked for', async (t) => {
  const root = directory(t)
  await assert.rejects(get('.env', { root }), NotFound)
  await assert.rejects(get(join(root, '.env')), NotFound)
  assert.equal((await get('.env', { root, dotfiles: true })).body, 'SECRET=1')
})

test('a range is 206, one that cannot be is 416, others are ignored', async (t) => {
  const root = directory(t)
  const ranges: [range: string, part: string, contentRange?: string][] = [
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=8-', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ...['bytes=4-2', 'bytes=a', 'lines=1-2', 'bytes=0-1,4-5', 'bytes=-', ''].map(
      (range): [string, string] => [range, '0123456789'],
    ),
  ]
  for (const [range, part, contentRange] of ranges) {
    const { status, headers, body } = await get('a.txt', { root, headers: { range } })
    assert.deepEqual([body, headers['content-range']], [part, contentRange], range)
    assert.equal(headers['content-length'], String(part.length))
    assert.equal(status, contentRange ? 206 : 200)
  }
  for (const range of ['bytes=10-', 'bytes=-0']) {
    await assert.rejects(get('a.txt', { root, headers: { range } }), {
      status: 416,
      headers: { 'content-range': 'bytes */10' },
    })
  }
})

test('a range is only given of the version that If-Range names', async (t) => {
  const root = directory(t)
  const { headers } = await get('a.txt', { root })
  const etag = headers['etag'] ?? ''
  const status = async (ifRange: string): Promise<number> =>
    (await get('a.txt', { root, headers: { range: 'bytes=0-1', 'if-range': ifRange } })).status
  assert.equal(await status(etag), 206)
  assert.equal(await status(headers['last-modified'] ?? ''), 206)
  assert.equal(await status(`W/${etag}`), 200)
  assert.equal(await status('"other"'), 200)
  assert.equal(await status('Thu, 01 Jan 1970 00:00:00 GMT'), 200)
})

test('who has it already gets 304, who expects another gets 412', async (t) => {
  const root = directory(t)
  const { headers } = await get('a.txt', { root })
  const etag = headers['etag'] ?? ''
  for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const reply = await get('a.txt', { root, headers: { 'if-none-match': known } })
    assert.deepEqual(
      [reply.status, reply.stream, reply.headers['etag']],
      [304, undefined, etag],
      known,
    )
    assert.equal(reply.headers['content-type'], undefined)
  }
  const since = { 'if-modified-since': headers['last-modified'] }
  assert.equal((await get('a.txt', { root, headers: since })).status, 304)
  const newer = { ...since, 'if-none-match': '"x"' }
  assert.equal((await get('a.txt', { root, headers: newer })).status, 200)
  const changed = get('a.txt', { root, headers: { 'if-match': '"x"' } })
  await assert.rejects(changed, { status: 412 })
  assert.equal((await get('a.txt', { root, headers: { 'if-match': etag } })).status, 200)
  const post = await get('a.txt', { root, method: 'POST', headers: { 'if-none-match': '*' } })
  assert.equal(post.status, 200)
})

test('HEAD, and an empty file, have headers and no stream', async (t) => {
  const root = directory(t)
  const head = await get('a.txt', { root, method: 'HEAD', headers: { range: 'bytes=0-1' } })
  assert.deepEqual(
    [head.status, head.headers['content-length'], head.stream],
    [200, '10', undefined],
  )
  const empty = await get('empty', { root })
  assert.deepEqual(
    [empty.status, empty.headers['content-length'], empty.stream],
    [200, '0', undefined],
  )
})

test('a download has a name that every browser reads', async (t) => {
  const root = directory(t)
  const named = async (download: boolean | string): Promise<string | undefined> =>
    (await get('a.txt', { root, download })).headers['content-disposition']
  assert.equal(await named(true), 'attachment; filename="a.txt"')
  assert.equal(await named(false), undefined)
  assert.equal(
    await named("naïve '1'.txt"),
    `attachment; filename="na_ve '1'.txt"; filename*=UTF-8''na%C3%AFve%20%271%27.txt`,
  )
  assert.equal(
    await named('a"\r\nx: y'),
    `attachment; filename="a___x: y"; filename*=UTF-8''a%22%0D%0Ax%3A%20y`,
  )
})

test('the type and the caching can be chosen', async (t) => {
  const root = directory(t)
  const { headers } = await get('a.txt', { root, type: 'text/csv', cacheControl: 'max-age=60' })
  assert.deepEqual([headers['content-type'], headers['cache-control']], ['text/csv', 'max-age=60'])
})

test('a file that shrinks while it is sent is an error, not a short answer', async (t) => {
  const root = directory(t)
  const path = join(root, 'big.bin')
  writeFileSync(path, Buffer.alloc(1 << 20))
  const { stream } = await openFile(path, { method: 'GET', headers: {} })
  truncateSync(path, 1 << 17)
  assert.ok(stream)
  await assert.rejects(text(stream), /shrank/)
})

test('an answer that nobody reads leaves no file open', async (t) => {
  const root = directory(t)
  const { stream } = await openFile('a.txt', { root, method: 'GET', headers: {} })
  const closed = new Promise((resolve) => stream?.once('close', resolve))
  stream?.destroy()
  await closed
})
