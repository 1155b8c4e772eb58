import { join, resolve } from 'node:path'
import { collect, ConfigError } from './config_error.ts'
import { readEnvFile, readInstanceFile } from './files.ts'
import { type Env, type Profile, profileFrom, toProfile } from './profile.ts'

/** Where values come from, for one reading of a configuration. */
export interface Sources {
  readonly profile: Profile
  readonly dir: string
  readonly overrides: Readonly<Record<string, unknown>>
  /** By where they are from, strongest first. */
  readonly variables: readonly (readonly [from: string, env: Env])[]
  readonly instance: Readonly<Record<string, unknown>>
}

export interface SourceOptions {
  profile?: string | undefined
  env?: Env | undefined
  dir?: string | undefined
  overrides?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Decide the profile and read the files.
 *
 * Tests must not depend on the machine, so `testing` reads neither `.env` nor `instance/config.json`, but
 * `.env.testing`. The environment decides the profile before `DEWAR_ENV` in `.env` does.
 *
 * @throws {ConfigError} when the profile is unknown, or a file cannot be read
 */
export function openSources(options: SourceOptions): Sources {
  const { env = process.env, overrides = {} } = options
  const dir = resolve(options.dir ?? '.')
  const asked = options.profile ? toProfile(options.profile) : profileFrom(env)
  const isOpen = asked !== 'testing'
  const dotenv = isOpen ? readEnvFile(join(dir, '.env')) : {}
  const ofFile = dotenv['DEWAR_ENV']
    ? toProfile(dotenv['DEWAR_ENV'], 'DEWAR_ENV in .env')
    : undefined
  const profile = asked ?? ofFile ?? 'development'

  const problems: string[] = []
  const name = `.env.${profile}`
  const ofProfile = collect(problems, () => readEnvFile(join(dir, name))) ?? {}
  const isLocal = profile !== 'testing'
  const instance =
    (isLocal && collect(problems, () => readInstanceFile(join(dir, 'instance/config.json')))) || {}
  if (problems.length > 0) throw new ConfigError(problems)
  const variables = [
    ['the environment', env],
    [name, ofProfile],
    ['.env', isLocal ? dotenv : {}],
  ] as const
  return { profile, dir, overrides, variables, instance }
}
