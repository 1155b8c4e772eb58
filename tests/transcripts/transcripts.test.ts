import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The systems that exist so far. Every line of their files is played, but for those that are left out by name. */
const SYSTEMS = ['quickstart', 'stage2', 'stage3', 'stage4', 'stage5', 'cookies', 'tasks']
/** Why a line is not played, by its id. */
const leftOut: Readonly<Record<string, string>> = JSON.parse(
  readFileSync('tests/transcripts/left_out.json', 'utf8'),
)

test('the apps answer their transcripts to the letter', async () => {
  const files = SYSTEMS.map((system) => `tests/transcripts/${system}.jsonl`)
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
  const args = ['--conditions=@dewar/source', 'scripts/play.ts', ...files]
  const { stdout } = await run(process.execPath, args).catch((error: { stdout: string }) => error)
  const played = lines.length - Object.keys(leftOut).length
  assert.equal(stdout.trim().split('\n').at(-1), `${played} passed, 0 failed`)
})

test('lines are left out by name, with a reason, and only where they contradict a rule or come later', () => {
  const lines = readFileSync('tests/transcripts/tasks.jsonl', 'utf8').split('\n').filter(Boolean)
  const sources = new Map(
    lines.map((line) => JSON.parse(line)).map(({ id, source }) => [id, source]),
  )
  for (const [id, reason] of Object.entries(leftOut)) {
    const isLater = reason.includes('later issue')
    assert.ok(isLater || sources.get(id) === 'recorded', id)
  }
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
