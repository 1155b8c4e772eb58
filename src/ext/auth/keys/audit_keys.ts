import type { Finding } from '../../../app/audit.ts'
import { whyWeak } from '../../../app/config/weak_secret.ts'
import type { StaticKeyOptions } from './static_keys.ts'

/** Fewest bytes of a key that cannot be guessed, when it is random. */
const MIN_BYTES = 16

/** What is unsafe in production about keys. */
export function auditKeys(query: string | undefined, keys: StaticKeyOptions = {}): Finding[] {
  const inQuery: Finding[] =
    query === undefined
      ? []
      : [
          {
            unsafe: `API keys are taken from the query, ?${query}=…, and addresses are in logs and histories.`,
            remedy: 'apiKeys: leave `query` out; clients send the header.',
          },
        ]
  const weak = Object.entries(keys).flatMap(([name, given]) => {
    const key = typeof given === 'object' ? given.key : given
    const why = key === undefined || key === '' ? undefined : whyWeak(key, MIN_BYTES)
    if (why === undefined) return []
    return {
      unsafe: `The API key "${name}" ${why}.`,
      remedy: 'Make one with: openssl rand -base64 24',
    }
  })
  return [...inQuery, ...weak]
}
