import type { Finding } from '../../app/audit.ts'
import { toMs } from '../../lib/duration.ts'
import type { AuthOptions } from './auth_options.ts'

const DAY_MS = 86_400_000

/** What is unsafe in production about how tokens are issued and taken. */
export function auditTokens(options: Omit<AuthOptions<unknown>, 'also'>): Finding[] {
  const { store, locations = [], cookies, accessLifetime = '15m', leeway = '0s' } = options
  const findings: Finding[] = []
  const add = (unsafe: string, remedy: string) => findings.push({ unsafe, remedy })
  if (store === false) {
    add('Nobody can be signed out: tokens count until they expire.', 'auth: give it a `store`.')
  }
  if (locations.includes('query')) {
    add(
      'Tokens are taken from the query, and addresses are in logs and histories.',
      "auth: leave 'query' out of `locations`.",
    )
  }
  if (cookies?.secure === false && locations.includes('cookie')) {
    add('Cookies with tokens are sent over plain HTTP.', 'auth: leave `cookies.secure` as it is.')
  }
  if (toMs(accessLifetime) > DAY_MS) {
    add('Access tokens count for more than a day.', 'auth: a shorter `accessLifetime`.')
  }
  if (toMs(leeway) > 300_000) {
    add('Tokens count for minutes after they expired.', 'auth: a `leeway` of seconds.')
  }
  return findings
}
