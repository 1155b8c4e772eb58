/** Find what the documentation shows: pages, and the fenced blocks in them. */
import { globSync, readFileSync } from 'node:fs'

/** A fenced block. */
export interface Block {
  readonly page: string
  /** Of its opening fence, counted from 1. */
  readonly line: number
  readonly language: string
  /** What the fence says after the language. */
  readonly info: string
  readonly lines: readonly string[]
  /** The app that the page names above the block. */
  readonly app: PageApp | undefined
}

/** An app that a page names in `<!-- app: FILE -->`; every such comment is an app of its own. */
export interface PageApp {
  readonly file: string
}

export interface Page {
  readonly file: string
  readonly lines: readonly string[]
  readonly blocks: readonly Block[]
  /** The lines outside of blocks; those inside are empty here. */
  readonly prose: readonly string[]
}

const PAGES = [
  'README.md',
  'CHANGES.md',
  'CONTRIBUTING.md',
  'docs/**/*.md',
  'examples/**/README.md',
]
const SOURCES = ['src/**/*.ts']
const FENCE = /^ *(`{3,}|~{3,}) *([\w-]*) *(.*)$/
const APP = /<!-- app: (\S+) -->/

/** @param files all that is documentation, when empty */
export function readPages(files: readonly string[]): Page[] {
  const found = files.length > 0 ? files : globSync([...PAGES, ...SOURCES]).toSorted()
  return found.map((file) => {
    const text = readFileSync(file, 'utf8')
    return toPage(file.replaceAll('\\', '/'), file.endsWith('.ts') ? docstrings(text) : text)
  })
}

/** The same lines, of which only the docstrings' text is left. */
function docstrings(source: string): string {
  const inside = source.replaceAll(/\/\*\*.*?\*\/|[^\n]/gs, (part) =>
    part.startsWith('/**') ? part.slice(3, -2).replaceAll(/^ *\* ?/gm, '') : '',
  )
  return inside
}

function toPage(file: string, text: string): Page {
  const lines = text.split(/\r?\n/)
  const blocks: Block[] = []
  const prose: string[] = []
  let app: PageApp | undefined
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? ''
    const named = APP.exec(line)?.[1]
    if (named !== undefined) app = { file: named }
    const [, fence, language = '', info = ''] = FENCE.exec(line) ?? []
    if (fence === undefined) {
      prose.push(line)
      continue
    }
    const end = endOf(lines, i + 1, fence)
    const content = lines.slice(i + 1, end).map((each) => dedent(each, line.search(/\S/)))
    blocks.push({ page: file, line: i + 1, language, info, lines: content, app })
    prose.push(...Array<string>(end - i + 1).fill(''))
    i = end
  }
  return { file, lines, blocks, prose }
}

function endOf(lines: readonly string[], from: number, fence: string): number {
  const end = lines.findIndex((line, i) => i >= from && line.trim() === fence)
  return end === -1 ? lines.length : end
}

function dedent(line: string, spaces: number): string {
  return line.slice(0, spaces).trim() === '' ? line.slice(spaces) : line
}
