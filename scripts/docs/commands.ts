/** The `sh` blocks: every command is one that the reader has. They are not executed. */
import { readFileSync } from 'node:fs'
import { capture } from './capture.ts'
import type { Block, Page } from './pages.ts'

const PROGRAMS = ['npm', 'npx', 'node', 'git', 'cd', 'mkdir', 'curl', 'sudo', 'apt', 'dnf', 'brew']
const ALLOWED = new Set([...PROGRAMS, 'winget', 'export', 'cat', 'echo', '.ci/run', 'dewar'])
const NPM_VERBS = new Set(['ci', 'exec', 'install', 'init', 'ls', 'pack', 'pkg', 'uninstall'])
const SHORT_FOR_RUN = new Set(['start', 'test', 'stop', 'restart'])

/** @returns how many commands there are, and what is wrong with them */
export async function checkCommands(pages: readonly Page[]) {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  )
  const found: Promise<string[]>[] = []
  for (const block of pages.flatMap(({ blocks }) => blocks)) {
    if (block.language !== 'sh') continue
    for (const [i, line] of joined(block.lines).entries()) {
      const at = `${block.page}:${block.line + 1 + i}: "${line.trim()}"`
      for (const command of commandsIn(line)) {
        const problem = check(command, block, Object.keys(scripts))
        found.push(problem.then((why) => (why === undefined ? [] : [`${at}: ${why}`])))
      }
    }
  }
  return { count: found.length, problems: (await Promise.all(found)).flat() }
}

/** Put continued lines on the first of them, and leave the others empty. */
function joined(lines: readonly string[]): string[] {
  const whole = lines.join('\n').replaceAll(/(?:\\\n.*)+/g, (rest) => {
    return rest.replaceAll('\\\n', ' ') + '\n'.repeat(rest.split('\n').length - 1)
  })
  return whole.split('\n')
}

function commandsIn(line: string): string[] {
  const parts = line.replace(/(?:^|\s)#.*$/, '').split(/&&|\|\||[|;]/)
  return parts.map((part) => part.trim().replace(/^(?:\w+=\S* +)+/, '')).filter(Boolean)
}

async function check(
  command: string,
  { app }: Block,
  scripts: readonly string[],
): Promise<string | undefined> {
  const [program = '', ...args] = command.split(/\s+/)
  if (!ALLOWED.has(program)) return `${program} is none of the commands that may be shown.`
  if (program === 'npm') return checkNpm(args, scripts)
  const [first, ...rest] = args
  if (program === 'dewar') return checkDewar(args, app?.file)
  if (program === 'npx' && first === 'dewar') return checkDewar(rest, app?.file)
  return program === 'npx' ? `${first} is not among what npx may run here.` : undefined
}

function checkNpm([verb = '', name]: string[], scripts: readonly string[]): string | undefined {
  if (verb.startsWith('-') || NPM_VERBS.has(verb)) return undefined
  const script = SHORT_FOR_RUN.has(verb) ? verb : name
  if (verb !== 'run' && script !== verb) return `npm ${verb} is not known here.`
  if (script !== undefined && scripts.includes(script)) return undefined
  return `package.json has no script "${script}".`
}

async function checkDewar(args: string[], app: string | undefined): Promise<string | undefined> {
  const verb = args.find((arg, i) => !arg.startsWith('-') && args[i - 1] !== '--app')
  if (verb === undefined) return undefined
  const verbs = await verbsOf(app)
  return verbs.has(verb) ? undefined : `dewar has no command "${verb}".`
}

const helps = new Map<string | undefined, Promise<Set<string>>>()

/** The verbs that `dewar --help` lists, those of `app` too. */
function verbsOf(app: string | undefined): Promise<Set<string>> {
  const known = helps.get(app) ?? readVerbs(app)
  helps.set(app, known)
  return known
}

async function readVerbs(app: string | undefined): Promise<Set<string>> {
  const options = app === undefined ? [] : ['--app', app]
  const args = ['--conditions=@dewar/source', 'bin/dewar.js', ...options, '--help']
  const { output } = await capture(process.execPath, args)
  const list = output.split(/^Commands:$/m)[1] ?? ''
  return new Set([...list.matchAll(/^ {2}(\S+)/gm)].map(([, verb = '']) => verb))
}
