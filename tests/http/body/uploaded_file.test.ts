import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { UploadedFile } from '../../../src/http/body/uploaded_file.ts'
import { uploadedFile } from '../../../src/http/body/uploaded_file_schema.ts'

function upload(
  t: { after(fn: () => void): void },
  init: { filename?: string; type?: string; content?: string } = {},
) {
  const directory = mkdtempSync(join(tmpdir(), 'upload-test-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const { filename = 'a.txt', type = 'text/plain', content = 'Hello' } = init
  const path = join(directory, '1')
  writeFileSync(path, content)
  const file = new UploadedFile({ fieldName: 'f', filename, type, sizeBytes: content.length, path })
  return { directory, file }
}

test('an upload can be read as bytes, text and stream', async (t) => {
  const { file } = upload(t)
  assert.deepEqual(await file.bytes(), Buffer.from('Hello'))
  assert.equal(await file.text(), 'Hello')
  assert.equal(await text(file.stream()), 'Hello')
})

test('saving moves it, and it can still be read', async (t) => {
  const { file, directory } = upload(t)
  const before = file.path
  const target = join(directory, 'kept')
  await file.saveTo(target)
  assert.equal(readFileSync(target, 'utf8'), 'Hello')
  assert.ok(!existsSync(before))
  assert.equal(await file.text(), 'Hello')
})

test('saving overwrites only when told', async (t) => {
  const { file, directory } = upload(t)
  const target = join(directory, 'kept')
  writeFileSync(target, 'old')
  await assert.rejects(file.saveTo(target), { code: 'EEXIST' })
  assert.equal(readFileSync(target, 'utf8'), 'old')
  await file.saveTo(target, { overwrite: true })
  assert.equal(readFileSync(target, 'utf8'), 'Hello')
})

test('saving to another file system copies', { skip: !existsSync('/dev/shm') }, async (t) => {
  const { file } = upload(t)
  const other = mkdtempSync('/dev/shm/upload-test-')
  t.after(() => rmSync(other, { recursive: true }))
  writeFileSync(join(other, 'old'), 'old')
  await assert.rejects(file.saveTo(join(other, 'old')), { code: 'EEXIST' })
  await file.saveTo(join(other, 'kept'))
  assert.equal(readFileSync(join(other, 'kept'), 'utf8'), 'Hello')
})

test('the schema takes files and says what is wrong with others', (t) => {
  const { file } = upload(t, { type: 'image/png' })
  const messages = (schema: z.ZodType, value: unknown): string[] =>
    schema.safeParse(value).error?.issues.map((issue) => issue.message) ?? []
  assert.equal(uploadedFile().parse(file), file)
  assert.equal(uploadedFile().safeParse(undefined).success, false)
  for (const value of [null, 'a.txt', {}]) {
    assert.deepEqual(messages(uploadedFile({ maxBytes: 1 }), value), ['Not a valid file.'])
  }
  assert.deepEqual(messages(uploadedFile({ maxBytes: 5, types: ['image/*'] }), file), [])
  assert.deepEqual(messages(uploadedFile({ maxBytes: 4, types: ['image/jpeg', 'text/*'] }), file), [
    'Must be less than or equal to 4 bytes.',
    'Not an allowed file type. Allowed file types: [image/jpeg, text/*]',
  ])
  const none = upload(t, { filename: '', content: '' }).file
  assert.deepEqual(messages(uploadedFile(), none), ['Not a valid file.'])
})

test('the schema is documented as binary', () => {
  const { $schema: _, ...schema } = z.toJSONSchema(uploadedFile(), { unrepresentable: 'any' })
  assert.deepEqual(schema, { type: 'string', format: 'binary' })
})
