import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]
type Record = Readonly<{ [name: string]: unknown }>

const LEVELS = new Map<unknown, readonly [name: string, style: Style]>([
  [10, ['TRACE', 'gray']],
  [20, ['DEBUG', 'cyan']],
  [30, ['INFO ', 'green']],
  [40, ['WARN ', 'yellow']],
  [50, ['ERROR', 'red']],
  [60, ['FATAL', 'magenta']],
])
/** The same for every line of a process, or shown in another way. */
const UNSHOWN = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'err'])
const ID_LENGTH = 8
const MAX_VALUE_LENGTH = 300

/** What takes pino's lines. */
interface Lines {
  write(line: string): void
}

/**
 * Show pino's records to a person, a line each: time, level, message, fields; below it the stack of an error.
 *
 * `pino-pretty` does much more, and brings thirteen packages for it.
 *
 * @param out with colours where it is a terminal, and `NO_COLOR` is not set
 */
export function textLog(out: NodeJS.WritableStream): Lines {
  // Asked for each piece, as the environment may say otherwise later.
  const paint = (style: Style, text: string): string => styleText(style, text, { stream: out })
  return { write: (line) => void out.write(toText(line, paint)) }
}

function toText(line: string, paint: (style: Style, text: string) => string): string {
  const record = parse(line)
  if (record === undefined) return line
  const { level, time, msg, err } = record
  const [name, style] = LEVELS.get(level) ?? [String(level), 'white']
  const isAccess = msg === 'request' && 'status' in record
  const head = [paint('gray', timeOf(time)), paint(style, name)]
  const rest = isAccess ? [accessOf(record, paint)] : [typeof msg === 'string' ? toSafe(msg) : '']
  if (!isAccess) rest.push(paint('gray', fieldsOf(record, UNSHOWN)))
  const stack = typeof err === 'object' && err !== null ? stackOf({ ...err }, paint) : ''
  return `${[...head, ...rest].filter(Boolean).join(' ')}\n${stack}`
}

function parse(line: string): Record | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function accessOf(record: Record, paint: (style: Style, text: string) => string): string {
  const { method, target, status, ms, aborted } = record
  const style = STATUS_STYLES[Math.floor(Number(status) / 100)] ?? 'white'
  const end = aborted === true ? paint('yellow', 'aborted') : paint(style, String(status))
  return `${toSafe(String(method))} ${toSafe(String(target))} ${end} ${paint('gray', `${String(ms)} ms`)}`
}

const STATUS_STYLES: readonly Style[] = ['white', 'white', 'green', 'cyan', 'yellow', 'red']

const FRAME = /^ +at /

function stackOf(err: Record, paint: (style: Style, text: string) => string): string {
  const { stack, message, type } = err
  const text = typeof stack === 'string' ? stack : `${String(type)}: ${String(message)}`
  const lines = text.split('\n').map((each) => `    ${toSafe(each)}`)
  const shown = lines.map((each) => (FRAME.test(each) ? paint('gray', each) : each))
  const more = fieldsOf(err, new Set(['stack', 'message', 'type']))
  return `${shown.join('\n')}\n${more && `    ${more}\n`}`
}

function fieldsOf(record: Record, unshown: ReadonlySet<string>): string {
  const shown = Object.entries(record).filter(([name]) => !unshown.has(name))
  return shown.map(([name, value]) => `${toSafe(name)}=${valueOf(name, value)}`).join(' ')
}

function valueOf(name: string, value: unknown): string {
  if (name === 'request_id' && typeof value === 'string') return toSafe(value.slice(0, ID_LENGTH))
  const isPlain = typeof value === 'string' && /^[^\s"=]+$/.test(value)
  const text = isPlain ? value : (JSON.stringify(value) ?? '')
  return toSafe(text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text)
}

function timeOf(time: unknown): string {
  const date = new Date(typeof time === 'number' || typeof time === 'string' ? time : NaN)
  if (Number.isNaN(date.getTime())) return ''
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()]
  const parts = [hours, minutes, seconds].map((part) => String(part).padStart(2, '0'))
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** What a client sends must neither steer the terminal nor pass for a line of its own. */
function toSafe(text: string): string {
  return text.replaceAll(
    CONTROL,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

// oxlint-disable-next-line no-control-regex -- these are what it looks for
const CONTROL = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u2028\u2029]/g
