import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One call of a stack, as V8 writes it. */
export interface StackFrame {
  /** `'at work (/app/tasks.ts:3:9)'` */
  readonly text: string
  /** Absolute; undefined for Node's own code. */
  readonly file: string | undefined
  readonly line: number
  /** Whether it is the app's own code: not a package's, not Dewar's, not Node's. */
  readonly isOwn: boolean
}

const MAX_FRAMES = 50
const DEWAR_SOURCE = fileURLToPath(new URL('../', import.meta.url))

/**
 * The calls that a stack lists.
 *
 * What stands before them is skipped by its length, not searched: a message may hold lines that look like calls.
 *
 * @param head the error's message, where the stack repeats it
 */
export function toFrames(stack: string, head: string): StackFrame[] {
  const at = head === '' ? -1 : stack.indexOf(head)
  const calls = at === -1 ? stack : stack.slice(at + head.length)
  const lines = calls.split('\n').filter((line) => /^ {4}at /.test(line))
  return lines.slice(0, MAX_FRAMES).map((line) => toFrame(line.trim()))
}

function toFrame(text: string): StackFrame {
  const place = text.endsWith(')') ? text.slice(text.indexOf(' (') + 2, -1) : text.slice(3)
  const [, path = '', line = '0'] = /^(?:async )?(.*):(\d+):\d+$/.exec(place) ?? []
  const file = path.startsWith('file:') ? fromURL(path) : isAbsolute(path) ? path : undefined
  return { text, file, line: Number(line), isOwn: file !== undefined && isOwnFile(file) }
}

function isOwnFile(file: string): boolean {
  return !/[/\\]node_modules[/\\]/.test(file) && !file.startsWith(DEWAR_SOURCE)
}

/** @returns the path of a `file:` address; undefined when it has none */
export function fromURL(url: string): string | undefined {
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}
