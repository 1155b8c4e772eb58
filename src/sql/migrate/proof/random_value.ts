import type { ColumnType } from '../../column_type.ts'
import type { Random } from './random.ts'

/** A value of a type: often one at its limits. */
export function randomValue(random: Random, type: ColumnType): unknown {
  switch (type.name) {
    case 'integer':
      return random.isOne(6) ? random.pick(INTEGERS) : random.between(-1e6, 1e9)
    case 'bigint':
      return random.isOne(4) ? random.pick(BIGINTS) : BigInt(random.between(-1e15, 1e15))
    case 'float':
      return random.isOne(4) ? random.pick(FLOATS) : random.next() * 1e6 - 5e5
    case 'decimal':
      return decimal(random, type.precision, type.scale)
    case 'string':
      return text(random, type.maxLength)
    case 'text':
      return text(random, 500)
    case 'boolean':
      return random.isOne(2)
    case 'datetime':
      return random.isOne(8) ? new Date(0) : new Date(random.between(0, 4e12))
    case 'date':
      return new Date(random.between(-2e12, 8e12)).toISOString().slice(0, 10)
    case 'time':
      return new Date(random.between(0, 86_399_999))
        .toISOString()
        .slice(11, -1)
        .replace(/\.000$/, '')
    case 'uuid':
      return uuid(random)
    case 'json':
      return random.pick([{ a: [1, 'ä', null] }, [], {}, 0, 'text', false]) ?? {}
    case 'binary':
      return Uint8Array.from({ length: random.between(0, 20) }, () => random.between(0, 255))
    default:
      return random.pick(type.values)
  }
}

const INTEGERS = [0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]
const BIGINTS = [0n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n]
const FLOATS = [0, -1.5, 1e300, 5e-300, 0.1]
const SIGNS = Array.from(`abcdefghij ABC0123456789.,;'"\\%_éßøжλ中日🍪👩‍🚀\n\t`)

function text(random: Random, maxLength: number): string {
  if (random.isOne(20)) return ''
  const length = random.isOne(8) ? maxLength : random.between(1, Math.min(maxLength, 30))
  return Array.from({ length }, () => random.pick(SIGNS)).join('')
}

function decimal(random: Random, precision: number, scale: number): string {
  const digits = random.isOne(6) ? precision : random.between(1, precision)
  const all = Array.from({ length: digits }, () => random.between(random.isOne(5) ? 9 : 0, 9)).join(
    '',
  )
  const padded = all.padStart(scale + 1, '0')
  const whole = padded.slice(0, padded.length - scale).replace(/^0+(?=\d)/, '')
  const plain = scale === 0 ? whole : `${whole}.${padded.slice(-scale)}`
  const isNegative = random.isOne(4) && /[1-9]/.test(plain)
  return isNegative ? `-${plain}` : plain
}

function uuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => random.between(0, 15).toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
