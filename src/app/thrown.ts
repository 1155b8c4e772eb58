import { inspect, types } from 'node:util'
import { formatExcerpt, readExcerpt, type SourceLine } from './source_excerpt.ts'
import { fromURL, type StackFrame, toFrames } from './stack_frames.ts'

/** Where in the app's own code something was thrown. */
export interface ThrownAt {
  readonly file: string
  readonly line: number
  readonly lines: readonly SourceLine[]
  /** The lines as text, this one marked. */
  readonly excerpt: string
}

/** Anything that was thrown, described for people; reading it cannot fail. */
export interface Thrown {
  /** The error's class; `'Thrown value'` for what is no error. */
  readonly name: string
  readonly message: string
  readonly frames: readonly StackFrame[]
  /** In the app's own files, nearest call first; at most three. */
  readonly sources: readonly ThrownAt[]
  readonly cause: Thrown | undefined
}

const MAX_CAUSES = 8
const MAX_SOURCES = 3
const MAX_MESSAGE_CHARACTERS = 10_000
const UNREADABLE = '(it cannot be read)'

/** Describe anything that was thrown. Never throws, whatever `value` is. */
export function describeThrown(value: unknown, depth: number = 0): Thrown {
  return isError(value) ? describeError(value, depth) : describeOther(value)
}

function isError(value: unknown): value is object {
  return safely(() => types.isNativeError(value) || value instanceof Error, false)
}

function describeError(error: object, depth: number): Thrown {
  const message = textOf(error, 'message')
  const stack = textOf(error, 'stack')
  const frames = toFrames(stack, message)
  const cause = safely((): unknown => Reflect.get(error, 'cause'), undefined)
  return {
    name: nameOf(error),
    message: cut(message),
    frames,
    sources: sourcesOf(stack, frames),
    cause:
      cause === undefined || depth >= MAX_CAUSES ? undefined : describeThrown(cause, depth + 1),
  }
}

function describeOther(value: unknown): Thrown {
  const message = safely(() => inspect(value, { depth: 2, getters: false }), UNREADABLE)
  return { name: 'Thrown value', message: cut(message), frames: [], sources: [], cause: undefined }
}

function textOf(error: object, member: string): string {
  return safely(() => String(Reflect.get(error, member) ?? ''), UNREADABLE)
}

/** In one line: `'TypeError: x is not a function'`. */
export function titleOfThrown({ name, message }: Pick<Thrown, 'name' | 'message'>): string {
  return message === '' ? name : `${name}: ${message}`
}

function thrownAt(file: string, line: number): ThrownAt | undefined {
  const lines = readExcerpt(file, line)
  return lines && { file, line, lines, excerpt: formatExcerpt(lines, line) }
}

/** A class that does not set its `name` is called by the name of its constructor. */
function nameOf(error: object): string {
  const name = textOf(error, 'name')
  if (name !== 'Error') return name
  return safely(() => textOf(error.constructor, 'name') || name, name)
}

function sourcesOf(stack: string, frames: readonly StackFrame[]): ThrownAt[] {
  const places = [...syntaxErrorPlace(stack), ...frames.filter((frame) => frame.isOwn)]
  return places
    .slice(0, MAX_SOURCES)
    .flatMap(({ file, line }) => (file === undefined ? [] : (thrownAt(file, line) ?? [])))
}

/** Node puts the place of most syntax errors in front of the stack: `file:///app/tasks.ts:3`. */
function syntaxErrorPlace(stack: string): Pick<StackFrame, 'file' | 'line'>[] {
  const [, url, line] = /^(file:\/\/[^\n]+):(\d+)\n/.exec(stack) ?? []
  return url === undefined ? [] : [{ file: fromURL(url), line: Number(line) }]
}

function cut(text: string): string {
  return text.length > MAX_MESSAGE_CHARACTERS ? `${text.slice(0, MAX_MESSAGE_CHARACTERS)}…` : text
}

function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
