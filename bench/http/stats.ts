/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** A ratio with the interval that holds it 95 times in 100. */
export interface Estimate {
  ratio: number
  low: number
  high: number
}

const RESAMPLES = 2_000

/**
 * The median of paired ratios with its percentile bootstrap interval; the same input gives the same answer.
 *
 * @param ratios one ratio a round
 */
export function estimate(ratios: readonly number[]): Estimate {
  const random = toRandom(ratios.length)
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(ratios.map(() => ratios[Math.floor(random() * ratios.length)] ?? Number.NaN)),
  ).toSorted((a, b) => a - b)
  return {
    ratio: median(ratios),
    low: medians[Math.floor(RESAMPLES * 0.025)] ?? Number.NaN,
    high: medians[Math.ceil(RESAMPLES * 0.975) - 1] ?? Number.NaN,
  }
}

/** A repeatable source of numbers in [0, 1): mulberry32. */
function toRandom(seed: number): () => number {
  let state = seed + 0x6d2b79f5
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
