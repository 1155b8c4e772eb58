import type { ColumnType } from '../column_type.ts'

/**
 * A value of one type as one of another; strict tables and their checks refuse what does not fit.
 *
 * @param value SQL
 */
export function converted(value: string, from: ColumnType, to: ColumnType): string {
  if (from.name === 'decimal') return fromDecimal(value, from.scale, to)
  if (to.name === 'decimal') return toDecimal(value, from, to.scale)
  if (from.name === 'date' && to.name === 'datetime') return `${value} || 'T00:00:00.000Z'`
  if (from.name === 'datetime' && to.name === 'date') return `substr(${value}, 1, 10)`
  // Whatever becomes text stays what a person would read.
  return value
}

/** Decimals are whole numbers of the smallest unit. */
function fromDecimal(value: string, scale: number, to: ColumnType): string {
  if (to.name === 'decimal') {
    if (to.scale === scale) return value
    if (to.scale > scale) return `(${value}) * ${power(to.scale - scale)}`
    return exactly(value, power(scale - to.scale))
  }
  if (to.name === 'float') return `(${value}) / ${power(scale)}.0`
  if (to.name === 'integer' || to.name === 'bigint') return exactly(value, power(scale))
  if (to.name !== 'string' && to.name !== 'text') return value
  if (scale === 0) return `cast(${value} as text)`
  const sign = `case when ${value} < 0 then '-' else '' end`
  return `${sign} || (abs(${value}) / ${power(scale)}) || '.' || printf('%0${scale}d', abs(${value}) % ${power(scale)})`
}

function toDecimal(value: string, from: ColumnType, scale: number): string {
  if (from.name === 'integer' || from.name === 'bigint') return `(${value}) * ${power(scale)}`
  // Half a unit is not stored, so it is refused as a fraction in a column of whole numbers.
  return `cast(${value} as real) * ${power(scale)}`
}

/** Divided without a rest; what has one stays a fraction, which a column of whole numbers refuses. */
function exactly(value: string, divisor: string): string {
  return `case when (${value}) % ${divisor} = 0 then (${value}) / ${divisor} else (${value}) / ${divisor}.0 end`
}

function power(exponent: number): string {
  return String(10n ** BigInt(exponent))
}
