const SECRET_NAME =
  /passw|pwd|secret|token|credential|signature|api_?-?key|(?:^|[._-])key$|^code$|^sig$/i

/** A request target for the log: values are hidden under names like those of secrets, such as `access_token` and `key`. */
export function shownTarget(target: string): string {
  const mark = target.indexOf('?')
  if (mark === -1 || !target.includes('=', mark)) return target
  const shown = target
    .slice(mark + 1)
    .split('&')
    .map(showPair)
  return `${target.slice(0, mark)}?${shown.join('&')}`
}

function showPair(pair: string): string {
  const equals = pair.indexOf('=')
  if (equals === -1) return pair
  const name = pair.slice(0, equals)
  return SECRET_NAME.test(decoded(name)) ? `${name}=***` : pair
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    // Nobody can tell what it says, so it might be one.
    return 'secret'
  }
}
