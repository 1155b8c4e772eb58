import { createHmac } from 'node:crypto'
import type { Row } from '../http/rows.ts'

/** Every server of this bench has the same secret, so one token is good for all. */
export const SECRET = 'the secret of the bench, which is no secret'
/** The device that the token is of, for servers that know devices. */
export const FAMILY = '123e4567-e89b-42d3-a456-426614174000'
export const TOKEN: string = mint()

const GET = { method: 'GET', status: 200, answer: { status: 'ok' } } as const
const authorization = `Bearer ${TOKEN}`

/** One answer, for everybody and for those who are signed in. */
export const ROWS: readonly Row[] = [
  { ...GET, name: 'open', path: '/health' },
  { ...GET, name: 'open, token sent', path: '/health', authorization },
  { ...GET, name: 'signed in', path: '/signed-in', authorization },
]

function mint(): string {
  // The same for all processes of a run, and good for a day.
  const iat = Math.floor(Date.now() / 86_400_000) * 86_400
  const times = { iat, nbf: iat, exp: iat + 2 * 86_400 }
  const claims = { role: 'user', sid: FAMILY, sub: '7', jti: 'a', type: 'access', fresh: false }
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, ...times })}`
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`
}
