import assert from 'node:assert/strict'
import { test } from 'node:test'
import { App, command, currentScope } from 'dewar'
import { runCommand } from 'dewar/cli'
import fc from 'fast-check'

const app = new App('shop', { logger: false })
app.command(
  command({
    name: 'show',
    summary: 'Show what was given',
    args: ['[first]', '[more...]'],
    options: {
      count: { type: 'number', short: 'n', default: 2 },
      limit: { type: 'number' },
      user_name: { type: 'string' },
      dryRun: { type: 'boolean', short: 'd', summary: 'Change nothing' },
      no_seed: { type: 'boolean' },
    },
    run: ({ options, args, print }) => {
      print(JSON.stringify({ ...options, args }))
      return currentScope().kind === 'command' ? 0 : 9
    },
  }),
)
app.command({ name: 'plain', summary: 'Take nothing', run: () => undefined })
app.command({
  name: 'fail',
  summary: 'Fail',
  run: () => {
    throw new Error('no luck')
  },
})

async function run(...argv: string[]): Promise<{ code: number; out: string }> {
  const lines: string[] = []
  const code = await runCommand(app, argv, (line) => lines.push(line))
  return { code, out: lines.join('\n') }
}

test('options and arguments are parsed from their declaration', async () => {
  const { code, out } = await run('show')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out), { count: 2, dryRun: false, no_seed: false, args: [] })

  const all = ['-n', '-3.5', '--limit=1e3', '--user-name', 'Ada', '-d', '--no-seed', 'a', 'b', 'c']
  assert.deepEqual(JSON.parse((await run('show', ...all)).out), {
    count: -3.5,
    limit: 1000,
    user_name: 'Ada',
    dryRun: true,
    no_seed: true,
    args: ['a', 'b', 'c'],
  })
  assert.deepEqual(JSON.parse((await run('show', '--', '-x')).out).args, ['-x'])
})

test('what is no number is refused, whatever JavaScript makes of it', async () => {
  for (const text of ['', ' ', 'x', '1x', '0x10', 'NaN', 'Infinity', '1,5', '.']) {
    const { code, out } = await run('show', '--count', text)
    assert.equal(code, 2, text)
    assert.match(out, /'--?.*count <n>' argument .* is invalid\. It is not a number\./)
  }
  await fc.assert(
    fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (n) => {
      assert.equal(JSON.parse((await run('show', `--count=${n}`)).out).count, n + 0)
    }),
    { numRuns: 30 },
  )
})

test('a wrong command line is exit code 2', async () => {
  assert.equal((await run('plain', 'extra')).code, 2)
  assert.equal((await run('show', '--user-name')).code, 2)
  assert.equal((await run('shwo')).code, 2)
  assert.equal((await run()).code, 2)
})

test('help comes from the declaration', async () => {
  const { code, out } = await run('show', '--help')
  assert.equal(code, 0)
  assert.match(out, /Show what was given/)
  assert.match(out, /-n, --count <n> +\(default: 2\)/)
  assert.match(out, /-d, --dry-run +Change nothing/)
})

test('what a command throws reaches the test', async () => {
  await assert.rejects(run('fail'), /no luck/)
})
