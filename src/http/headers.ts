const UNSAFE_VALUE = /[^\t\x20-\x7e\x80-\xff]/
const UNSAFE_URL = /[^\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]/gu

/**
 * A header value that Node can send.
 *
 * CR, LF, NUL and other control characters become spaces (RFC 9110, 5.5), so that input can never start a
 * header of its own; what is beyond Latin-1 is sent as the bytes of its UTF-8 form.
 */
export function toHeaderValue(value: string): string {
  if (!UNSAFE_VALUE.test(value)) return value
  // oxlint-disable-next-line no-control-regex -- they are what it looks for
  const flat = value.replaceAll(/[\0-\x08\x0a-\x1f\x7f]/g, ' ')
  return /[^\0-\xff]/.test(flat) ? Buffer.from(flat, 'utf8').toString('latin1') : flat
}

/** A URL as `Location` may carry it: escapes stay, everything that has no place in a URL is percent-encoded. */
export function encodeLocation(url: string): string {
  return url.toWellFormed().replaceAll(UNSAFE_URL, (character) => encodeURIComponent(character))
}
