/** How to make a secret, for messages. */
export const HOW_TO_MAKE_A_SECRET = 'Make one with: openssl rand -base64 48'

/** Parts of the values that tutorials, templates and hurried people write. */
const WELL_KNOWN =
  /changeme|changethis|replaceme|placeholder|example|insecure|development|password|secretkey|supersecret|topsecret|yoursecret|mysecret|jwtsecret|devkey|qwerty|abcdefgh|12345678/

/**
 * Why `text` must not keep anything secret, in words that do not contain it.
 *
 * @param minBytes fewest bytes of UTF-8
 * @returns `undefined` when nothing speaks against it
 */
export function whyWeak(text: string, minBytes: number): string | undefined {
  const bytes = Buffer.byteLength(text)
  if (bytes < minBytes) return `has ${bytes} bytes, and needs at least ${minBytes}`
  if (WELL_KNOWN.test(text.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))) {
    return 'contains a well-known default'
  }
  // 32 random hexadecimal digits have fewer than 8 different ones once in 25 million times.
  if (minBytes >= 32 && new Set(text).size < 8) return 'repeats a few characters'
  if (isRepetition(text)) return 'repeats itself'
  return undefined
}

/** `'dewar-dewar-dewar-de'` */
function isRepetition(text: string): boolean {
  for (let length = 1; length <= Math.min(32, text.length / 2); length += 1) {
    if (text.slice(length) === text.slice(0, -length)) return true
  }
  return false
}
