import { hash, timingSafeEqual } from 'node:crypto'

/** Compare secrets of any length in a time that tells nothing of where they differ. */
export function equalInConstantTime(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'))
}
