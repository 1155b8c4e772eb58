const SECRET_PARAMETER =
  /((?:passw|pwd|secret|token|api_?key|signature|credential)[\w.-]{0,40}=)(?:'[^']{0,200}'|[^&\s]+)/gi

const HOST_END = /[/?#]/g

const SECRET_NAME = /passw|pwd|secret|token|api_?key|credential/i

/**
 * Hide the passwords of the URLs in `text`: `postgresql://app:***@host/db`.
 *
 * Hides too much rather than too little: also a lone user name in `https://token@host`, parameters
 * such as `password=` and `access_token=`, and all between the first `:` and the last `@`. Only a
 * raw `/`, `?` or `#` in the password of an http URL cannot be told from the end of the host.
 */
export function maskURL(text: string): string {
  const isOneURL = /^[\w+.:-]{1,64}:\/\//.test(text)
  const words = isOneURL ? [text] : text.split(/(?<=\s)/)
  const masked = words.map(maskCredentials).join('')
  return masked.includes('=') ? masked.replaceAll(SECRET_PARAMETER, '$1***') : masked
}

/** What to show of a value: {@link maskURL} in every text, and no text under a name like a secret's. */
export function maskValue(name: string, value: unknown): unknown {
  if (typeof value === 'string') return SECRET_NAME.test(name) ? '***' : maskURL(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (value instanceof URL) return maskURL(value.href)
  if (Array.isArray(value)) return value.map((item) => maskValue(name, item))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return `[${value.constructor.name}]`
  const members = Object.entries(value).map(([key, member]) => [
    key,
    maskValue(`${name}.${key}`, member),
  ])
  return Object.fromEntries(members)
}

function maskCredentials(text: string): string {
  const last = text.lastIndexOf('@')
  let masked = ''
  let done = 0
  for (let mark = text.indexOf('://'); mark >= 0 && mark < last; mark = text.indexOf('://', done)) {
    const start = mark + 3
    const isHTTP = /https?$/i.test(text.slice(Math.max(0, mark - 5), mark))
    const authority = text.slice(start, hostEnd(text, start))
    const colon = authority.indexOf(':')
    const at = isHTTP || colon < 0 ? authority.lastIndexOf('@') : last - start
    masked += text.slice(done, start)
    if (colon >= 0 && colon < at) masked += `${authority.slice(0, colon)}:***`
    else if (at >= 0) masked += isHTTP ? '***' : authority.slice(0, at)
    done = start + Math.max(at, 0)
  }
  return masked + text.slice(done)
}

function hostEnd(text: string, start: number): number {
  HOST_END.lastIndex = start
  return HOST_END.exec(text)?.index ?? text.length
}
