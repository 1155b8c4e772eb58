/** Blocks that show a file, whole or a region of it: `file=examples/quickstart/app.ts#routes`. */
import { existsSync, readFileSync } from 'node:fs'
import type { Block, Page } from './pages.ts'

/** @returns how many blocks there are, and what is wrong with them */
export function checkCopies(pages: readonly Page[]) {
  const copies = pages.flatMap(({ blocks }) =>
    blocks.filter(({ info }) => info.startsWith('file=')),
  )
  return { count: copies.length, problems: copies.flatMap(checkCopy) }
}

function checkCopy({ page, line, info, lines }: Block): string[] {
  const [file = '', region] = info.slice('file='.length).split('#')
  const at = `${page}:${line}:`
  if (!existsSync(file)) return [`${at} shows ${file}, which does not exist.`]
  const wanted = linesOf(readFileSync(file, 'utf8'), region)
  if (wanted === undefined)
    return [`${at} shows the region "${region}", which ${file} does not have.`]
  const differing = wanted.findIndex((each, i) => each !== lines[i])
  if (differing === -1 && wanted.length === lines.length) return []
  const i = differing === -1 ? wanted.length : differing
  return [
    `${page}:${line + 1 + i}: is not what ${file} says.\n` +
      `  page: ${lines[i] ?? '(ends)'}\n  file: ${wanted[i] ?? '(ends)'}`,
  ]
}

function linesOf(text: string, region: string | undefined): string[] | undefined {
  const all = text.trimEnd().split('\n')
  if (region === undefined) return all.filter((line) => !isMark(line))
  const start = all.findIndex((line) => line.trim() === `// #region ${region}`)
  const end = all.findIndex((line) => line.trim() === `// #endregion ${region}`)
  if (start === -1 || end < start) return undefined
  const inside = all.slice(start + 1, end).filter((line) => !isMark(line))
  const indent = Math.min(...inside.filter(Boolean).map((line) => line.search(/\S/)))
  return inside.map((line) => line.slice(indent))
}

function isMark(line: string): boolean {
  return /^\s*\/\/ #(?:end)?region\b/.test(line)
}
