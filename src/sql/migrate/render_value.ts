/** A value as TypeScript. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return textText(value)
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Date) return `new Date(${textText(value.toISOString())})`
  if (value instanceof Uint8Array) return `Uint8Array.of(${[...value].join(', ')})`
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (typeof value === 'object' && value !== null) return objectText(Object.entries(value))
  return value === undefined ? 'undefined' : JSON.stringify(value)
}

/** Members whose values are undefined are left out. */
export function objectText(members: readonly (readonly [string, unknown])[]): string {
  const given = members.filter(([, value]) => value !== undefined)
  const parts = given.map(([name, value]) => `${nameText(name)}: ${valueText(value)}`)
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

/** A member that lists something; none where there is nothing to list. */
export function memberText(name: string, values: readonly unknown[]): string[] {
  return values.length > 0 ? [`${name}: ${valueText(values)}`] : []
}

/** The name of a member. */
export function nameText(name: string): string {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name) ? name : textText(name)
}

function textText(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return `'${escaped.replaceAll("'", "\\'").replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}
