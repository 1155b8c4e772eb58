import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The systems that exist so far. Every line of their files is played; none is left out. */
const SYSTEMS = ['quickstart', 'stage2', 'stage3', 'stage4', 'stage5', 'cookies']

test('the apps answer their transcripts to the letter', async () => {
  const files = SYSTEMS.map((system) => `tests/transcripts/${system}.jsonl`)
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
  const args = ['--conditions=@dewar/source', 'scripts/play.ts', ...files]
  const { stdout } = await run(process.execPath, args).catch((error: { stdout: string }) => error)
  assert.equal(stdout.trim(), `${lines.length} passed, 0 failed`)
})

test('the player notices a wrong answer, and a system that nobody knows', async () => {
  const player = (file: string) =>
    run(process.execPath, ['--conditions=@dewar/source', 'scripts/play.ts', file])
  await assert.rejects(player('tests/transcripts/wrong/wrong_answer.jsonl'), {
    code: 1,
    stdout: /1 passed, 1 failed/,
  })
  await assert.rejects(player('tests/transcripts/wrong/unknown_system.jsonl'), {
    code: 2,
    stderr: /No app is known for the system "teapot"/,
  })
})
