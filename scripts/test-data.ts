/**
 * The tests of data and what stands on it: `npm run test:data [-- PATTERN…]`.
 *
 * Two processes share them, as they mostly wait for servers; within one there is no process for each file, whose start would
 * cost more than its tests.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const SHARDS = 2
const FILES = [
  'tests/ext/**/*.test.ts',
  'tests/sql/*.test.ts',
  'tests/sql/!(migrate)/**/*.test.ts',
  // What kills processes has one of its own: `npm run test:system`.
  'tests/sql/migrate/!(kill).test.ts',
]

const chosen = process.argv.slice(2)
const files = chosen.length > 0 ? chosen : FILES
const shards = Array.from({ length: SHARDS }, (_, i) => run(`${i + 1}/${SHARDS}`))
const codes = await Promise.all(shards)
process.exitCode = codes.every((code) => code === 0) ? 0 : 1

async function run(shard: string): Promise<number> {
  const flags = ['--conditions=@dewar/source', '--test', '--test-isolation=none']
  const child = spawn(process.execPath, [...flags, `--test-shard=${shard}`, ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const [code] = await once(child, 'close')
  console.log(output.trimEnd())
  return code ?? 1
}
