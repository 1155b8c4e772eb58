/** The `console` blocks: commands are executed against the page's app, and answer what the page says. */
import { availableParallelism } from 'node:os'
import { PageApps } from './apps.ts'
import { capture } from './capture.ts'
import { startAndStop } from './dewar_run.ts'
import type { Block, Page, PageApp } from './pages.ts'

/** One command of a session, and what must come of it. */
interface Command {
  readonly block: Block
  /** Of its `$`, in the page. */
  readonly line: number
  readonly text: string
  readonly expected: readonly string[]
}

const SHOWN_ADDRESS = '127.0.0.1:5000'
const DEWAR = 'node --conditions=@dewar/source bin/dewar.js'
const RUN_WITHIN_MS = 15_000

/** @returns how many commands there are, and what is wrong with them */
export async function checkSessions(pages: readonly Page[]) {
  const sessions = pages.map(({ blocks }) =>
    blocks.filter(({ language }) => language === 'console').flatMap(commandsOf),
  )
  const commands = sessions.flat()
  const apps = new PageApps([...new Set(commands.flatMap(({ block }) => block.app ?? []))])
  const waiting = sessions.filter((session) => session.length > 0)
  const problems: string[] = []
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      for (const command of next) problems.push(...(await check(command, apps)))
    }
  }
  try {
    await Promise.all(Array.from({ length: availableParallelism() + 1 }, lane))
  } finally {
    apps.stop()
  }
  return { count: commands.length, problems }
}

function commandsOf(block: Block): Command[] {
  const starts = block.lines.flatMap((line, i) => (line.startsWith('$ ') ? [i] : []))
  // What stands above the first "$ " is taken for a command, and refused as none.
  if (starts[0] !== 0) starts.unshift(0)
  return starts.map((start, nth) => {
    const lines = block.lines.slice(start, starts[nth + 1])
    const isLast = (line: string): boolean => !line.endsWith('\\')
    const length = lines.findIndex(isLast) + 1
    const text = lines.slice(0, length).join('\n').replace(/^\$ /, '')
    return { block, line: block.line + 1 + start, text, expected: lines.slice(length) }
  })
}

async function check({ block, line, text, expected }: Command, apps: PageApps): Promise<string[]> {
  const at = `${block.page}:${line}: "${text}"`
  if (!block.app) return [`${at} needs a comment <!-- app: FILE --> above it.`]
  try {
    const actual = await run(text, block.app, apps)
    if (toPattern(expected).test(`${actual.trimEnd()}\n`)) return []
    return [`${at} answers otherwise.\n--- page\n${expected.join('\n')}\n--- answer\n${actual}`]
  } catch (error) {
    return [`${at}: ${error instanceof Error ? error.message : String(error)}`]
  }
}

async function run(text: string, app: PageApp, apps: PageApps): Promise<string> {
  const [, settings = '', program] = /^((?:[A-Z_]+=\S+ )*)(curl|npx dewar)(?= |$)/.exec(text) ?? []
  const command = text.slice(settings.length)
  if (program === 'curl') return curl(command, await apps.portOf(app))
  if (program === undefined) throw new Error('only curl and npx dewar are executed here.')
  const env = { DEWAR_APP: app.file, ...environmentOf(settings) }
  if (command.startsWith('npx dewar run')) {
    const started = await startAndStop(command.replace('npx dewar', DEWAR), env)
    return started.output.replaceAll(`:${started.port}`, ':5000')
  }
  const { output } = await shell(command.replace('npx dewar', DEWAR), env)
  return output
}

function environmentOf(settings: string): Record<string, string> {
  const pairs = settings.trim().split(' ').filter(Boolean)
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2)))
}

async function curl(command: string, port: number): Promise<string> {
  const address = `127.0.0.1:${port}`
  // As in a terminal, where the progress of a transfer does not hide its result.
  const quiet = command.replace(/^curl/, 'curl -sS').replaceAll(SHOWN_ADDRESS, address)
  const { output, code } = await shell(quiet, {})
  if (code !== 0) throw new Error(`ended with ${code}: ${output}`)
  return output.replaceAll('\r', '').replaceAll(address, SHOWN_ADDRESS)
}

function shell(command: string, env: Record<string, string>) {
  return capture('sh', ['-c', command], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    timeout: RUN_WITHIN_MS,
  })
}

/** `...` alone on a line stands for any lines, `<…>` for any text. */
function toPattern(expected: readonly string[]): RegExp {
  const lines = expected.join('\n').trimEnd().split('\n')
  const patterns = lines.map((line) =>
    line === '...' ? '(?:.*\\n)*?' : `${escaped(line).replaceAll(/<[^<>]+>/g, '.+?')}\\n`,
  )
  return new RegExp(`^${patterns.join('')}$`)
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
