import { readFileSync, statSync } from 'node:fs'

/** One line of a source file, counted from 1. */
export interface SourceLine {
  readonly number: number
  readonly text: string
}

const MAX_FILE_BYTES = 2_000_000
const MAX_LINE_CHARACTERS = 200
const SOURCE_NAME = /\.[cm]?[jt]sx?$/

/**
 * The lines around one line of a source file.
 *
 * Only of JavaScript and TypeScript: a text that an attacker gets into a stack must not show `/etc/passwd`.
 *
 * @param around how many lines before it, and as many after
 * @returns undefined when there is no such file or line
 */
export function readExcerpt(
  file: string,
  line: number,
  around: number = 5,
): readonly SourceLine[] | undefined {
  const lines = readLines(file)
  if (!lines || line < 1 || line > lines.length) return undefined
  const first = Math.max(1, line - around)
  return lines.slice(first - 1, line + around).map((text, i) => ({
    number: first + i,
    text: text.length > MAX_LINE_CHARACTERS ? `${text.slice(0, MAX_LINE_CHARACTERS)}…` : text,
  }))
}

/** An excerpt as text, its `line` marked: `'> 12 | throw error'`. */
export function formatExcerpt(excerpt: readonly SourceLine[], line: number): string {
  const width = String(excerpt.at(-1)?.number ?? 0).length
  return excerpt
    .map(({ number, text }) => {
      const mark = number === line ? '>' : ' '
      return `${mark} ${String(number).padStart(width)} | ${text}`.trimEnd()
    })
    .join('\n')
}

/** @returns the lines of a source file; undefined when it is none, or cannot be read */
export function readLines(file: string): string[] | undefined {
  if (!SOURCE_NAME.test(file)) return undefined
  try {
    const { size } = statSync(file)
    return size > MAX_FILE_BYTES ? undefined : readFileSync(file, 'utf8').split(/\r?\n/)
  } catch {
    return undefined
  }
}
