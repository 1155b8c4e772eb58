import { createHash, timingSafeEqual } from 'node:crypto'
import { abort, middleware } from 'dewar'

/** Lets in who sends the key: in the header X-API-KEY, or as ?key=. Without a key, nobody. */
export function requireAPIKey(key: string) {
  const expected = digestOf(key)
  return middleware((c, next) => {
    const [given] = [c.request.header('x-api-key') ?? c.request.query['key'] ?? ''].flat()
    const isRight = timingSafeEqual(digestOf(given ?? ''), expected)
    return key !== '' && isRight ? next() : abort(401, 'Invalid API key')
  })
}

/** Digests have one length, so that comparing them tells nothing of the key's. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
