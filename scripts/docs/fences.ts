/** Every block is of a language that something checks; JSON parses. */
import type { Block, Page } from './pages.ts'

const CHECKED = new Set(['ts', 'console', 'sh', 'json'])
/** Shown as they are. */
const FREE = new Set(['text', 'html', 'http', 'dotenv', 'diff', 'python'])

/** @returns how many blocks there are, and what is wrong with them */
export function checkFences(pages: readonly Page[]) {
  const blocks = pages.flatMap((page) => page.blocks)
  return { count: blocks.length, problems: blocks.flatMap(checkFence) }
}

function checkFence({ page, line, language, lines }: Block): string[] {
  const at = `${page}:${line}:`
  if (!CHECKED.has(language) && !FREE.has(language)) {
    return [`${at} nothing checks "${language}" blocks.`]
  }
  return language !== 'json' || isJSON(lines.join('\n')) ? [] : [`${at} is not JSON.`]
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
