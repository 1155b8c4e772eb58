import { ConfigError } from './config_error.ts'
import { didYouMean } from '../../lib/nearest.ts'

/** Where an app runs: on a developer's machine, in its tests, or for its users. */
export type Profile = (typeof PROFILES)[number]

/** All profiles. */
const PROFILES = ['development', 'testing', 'production'] as const

/** Variables by name, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>

/**
 * Which profile `env` asks for: `DEWAR_ENV`, else `NODE_ENV` with its own names (`test`), else none.
 *
 * A value that is not known is refused, in `NODE_ENV` too: a server that was told
 * `NODE_ENV=staging` must not run with the secrets of development.
 *
 * @throws {ConfigError} when the value names no profile
 */
export function profileFrom(env: Env): Profile | undefined {
  if (env['DEWAR_ENV']) return toProfile(env['DEWAR_ENV'], 'DEWAR_ENV')
  if (env['NODE_ENV'] === 'test') return 'testing'
  if (env['NODE_ENV']) return toProfile(env['NODE_ENV'], 'NODE_ENV', ' Or set DEWAR_ENV.')
  return undefined
}

/** @throws {ConfigError} when `name` is not a profile; the message lists them */
export function toProfile(name: string, from = 'profile', hint = ''): Profile {
  const profile = PROFILES.find((each) => each === name)
  if (profile) return profile
  const known = `Known profiles: ${PROFILES.join(', ')}.`
  throw new ConfigError([
    `${from} is "${name.slice(0, 64)}". ${known}${didYouMean(name, PROFILES)}${hint}`,
  ])
}
