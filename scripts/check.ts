/**
 * Everything fast that must be true: `npm run check`.
 *
 * Three lanes on CI's two cores, as the last mostly waits for servers. A step's output is shown when it fails; the tests' always.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

interface Step {
  readonly name: string
  readonly command: string
  readonly isShown?: boolean
}

const LANES: readonly (readonly Step[])[] = [
  [
    { name: 'format', command: 'npm run --silent format:check' },
    { name: 'unit tests', command: 'npm run --silent test:unit', isShown: true },
    { name: 'types', command: 'npm run --silent types' },
    { name: 'lint', command: 'npm run --silent lint' },
    { name: 'docs', command: 'npm run --silent docs:check' },
  ],
  [{ name: 'system tests', command: 'npm run --silent test:system', isShown: true }],
  [{ name: 'data tests', command: 'npm run --silent test:data', isShown: true }],
]

// Some hundred processes load the same files.
process.env['NODE_COMPILE_CACHE'] ??= join(process.cwd(), 'node_modules/.cache/node')

const startedAt = performance.now()
const outcomes = await Promise.all(LANES.map(runLane))
const hasFailed = outcomes.flat().includes(false)
console.log(`${hasFailed ? 'FAILED' : 'All good'} in ${seconds(startedAt)} s.`)
process.exitCode = hasFailed ? 1 : 0

async function runLane(steps: readonly Step[]): Promise<boolean[]> {
  const results: boolean[] = []
  for (const step of steps) results.push(await run(step))
  return results
}

function run({ name, command, isShown = false }: Step): Promise<boolean> {
  const start = performance.now()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  }
  child.on('close', (code) => {
    if (code !== 0 || isShown) console.log(output.trimEnd())
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds(start)} s)`)
    resolve(code === 0)
  })
  return promise
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1)
}
