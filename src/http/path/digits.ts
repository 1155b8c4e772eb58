const DECIMAL_DIGIT = /^\p{Nd}$/u
const known = new Map<string, string>()

/** Write the decimal digits of every script as ASCII ones, as Python's `int()` reads them. */
export function toAsciiDigits(text: string): string {
  return text.replaceAll(/[^\P{Nd}0-9]/gu, (char) => {
    const digit = known.get(char) ?? digitOf(char)
    known.set(char, digit)
    return digit
  })
}

// Unicode assigns decimal digits in unbroken runs from 0 to 9, so the digits in front of one tell
// its value.
function digitOf(char: string): string {
  const code = char.codePointAt(0)!
  let before = 0
  while (DECIMAL_DIGIT.test(String.fromCodePoint(code - before - 1))) before++
  return String(before % 10)
}

/**
 * Read up to 15 ASCII digits, which are always exact.
 *
 * @returns -1 for any other text
 */
export function parseShortDigits(text: string): number {
  const { length } = text
  if (length === 0 || length > 15) return -1
  let value = 0
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/**
 * Write a finite number without an exponent and with a fraction: `1e-7` is `'0.0000001'`, `5` is
 * `'5.0'`.
 */
export function toDecimal(value: number): string {
  const [mantissa = '', exponent = '0'] = String(Math.abs(value)).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const shift = Number(exponent)
  const sign = value < 0 ? '-' : ''
  // A mantissa has one digit in front of its point.
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${whole}${fraction}`
  const digits = whole + fraction.padEnd(shift, '0')
  const point = whole.length + shift
  return `${sign}${digits.slice(0, point)}.${digits.slice(point) || '0'}`
}
