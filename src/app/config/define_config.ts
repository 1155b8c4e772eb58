import { join } from 'node:path'
import { inspect } from 'node:util'
import type { z } from 'zod'
import { collect, ConfigError } from './config_error.ts'
import { describeAs } from './describe_config.ts'
import { maskURL } from './mask.ts'
import { didYouMean } from '../../lib/nearest.ts'
import type { Env, Profile } from './profile.ts'
import { findValue, type Found } from './find_value.ts'
import { type Setting, type Settings, variableOf } from './setting.ts'
import { openSources, type Sources } from './sources.ts'

/** The settings of an app, read and checked. Frozen; printing it or writing it as JSON shows no secret. */
export type Config<S extends Settings> = {
  readonly [Name in keyof S]: z.output<S[Name]['schema']>
} & ConfigPlace

/** What every configuration knows besides the settings. */
export interface ConfigPlace {
  readonly profile: Profile
  /** The app's folder, absolute. */
  readonly dir: string
  /** For what belongs to this installation. Made by {@link ensureInstanceDir}, when something needs it. */
  readonly instanceDir: string
}

export interface ReadConfigOptions<S extends Settings> {
  /** `'development'`, `'testing'` or `'production'`. Default: what `DEWAR_ENV` or `NODE_ENV` says, else development. */
  profile?: string | undefined
  /** Default: `process.env`, which is only read. */
  env?: Env | undefined
  /** Where `.env` and `instance/` are. Default: the working directory. */
  dir?: string | undefined
  /** Values that win over every other source. */
  overrides?: { readonly [Name in keyof S]?: z.input<S[Name]['schema']> | undefined } | undefined
}

/** Reads the configuration that {@link defineConfig} described. */
export interface ConfigReader<S extends Settings> {
  /** @throws {ConfigError} with all that is missing, invalid or weak */
  (options?: ReadConfigOptions<S>): Config<S>
  readonly settings: S
}

/** Members of a configuration that are not settings. */
const RESERVED = ['profile', 'dir', 'instanceDir', 'toJSON', '__proto__']

/**
 * Describe the configuration of an app, in one place.
 *
 * Later wins: the schema's default, `default`, the profile's value, `instance/config.json`, `.env`,
 * `.env.<profile>`, the environment, `overrides`. An empty variable counts as not given. In `testing`
 * only `.env.testing`, the environment and `overrides` are read.
 *
 * @throws {TypeError} when a setting has the name of a member that every configuration has
 *
 * @example
 * ```ts
 * import { defineConfig, secret, setting } from 'dewar'
 * import { z } from 'dewar/schema'
 *
 * export const readConfig = defineConfig({
 *   pageSize: setting(z.int().min(1).max(100), { env: 'PAGE_SIZE', default: 20 }),
 *   secretKey: secret({ env: 'SECRET_KEY', development: 'random', testing: 'random' }),
 * })
 * const config = readConfig({ profile: 'testing', env: { PAGE_SIZE: '50' } })
 * config.pageSize
 * //=> 50
 * ```
 */
export function defineConfig<const S extends Settings>(settings: S): ConfigReader<S> {
  for (const name of RESERVED) {
    if (Object.hasOwn(settings, name)) throw new TypeError(`A setting cannot be called "${name}".`)
  }
  const read = (options: ReadConfigOptions<S> = {}) => readSettings(settings, options)
  return Object.assign(read, { settings })
}

function readSettings<S extends Settings>(settings: S, options: ReadConfigOptions<S>): Config<S> {
  const sources = openSources(options)
  const { profile, dir } = sources
  const problems = [
    ...unknownNames(settings, sources.overrides, 'overrides'),
    ...unknownNames(settings, sources.instance, 'instance/config.json'),
  ]
  const values = Object.entries(settings).map(([name, setting]) => {
    return [name, collect(problems, () => readSetting(name, setting, sources))] as const
  })
  if (problems.length > 0) {
    throw new ConfigError(problems, `The configuration for ${profile} cannot be used:`)
  }
  const place = { profile, dir, instanceDir: join(dir, 'instance') }
  const config = { ...Object.fromEntries(values), ...place }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value was read by the schema of its name
  return Object.freeze(maskPrinting(config, settings)) as Config<S>
}

function unknownNames(settings: Settings, given: object, from: string): string[] {
  const names = Object.keys(given).filter((name) => !Object.hasOwn(settings, name))
  return names.map((name) => {
    return `"${name}" in ${from} is not a setting.${didYouMean(name, Object.keys(settings))}`
  })
}

function readSetting(name: string, setting: Setting, sources: Sources): unknown {
  const found = findValue(name, setting, sources)
  const variable = variableOf(setting, sources.profile)
  const result = setting.schema.safeParse(found?.value)
  if (!result.success) {
    const why = found ? invalid(setting, found, result.error.issues) : missing(setting, variable)
    throw new ConfigError([`${variable ?? name} ${why}`])
  }
  const refusal = found && setting.refuse?.(result.data, sources.profile)
  if (refusal === undefined) return result.data
  throw new ConfigError([
    withHint(`${variable ?? name} (from ${found?.from}) ${refusal}.`, setting),
  ])
}

function missing(setting: Setting, variable: string | undefined): string {
  const about = setting.description ?? setting.schema.description
  const remedy = variable ? '' : ' Give it in overrides or instance/config.json.'
  return withHint(`is missing${about ? `: ${about.replace(/\.$/, '')}` : ''}.${remedy}`, setting)
}

/** The messages of a secret's schema are left out: its author may have put the value into them. */
function invalid(setting: Setting, { from }: Found, issues: readonly z.core.$ZodIssue[]): string {
  const reasons = issues.map(({ code, message, path }) => {
    const at = path.length > 0 ? `${path.join('.')}: ` : ''
    return setting.secret ? code.replaceAll('_', ' ') : maskURL(at + message)
  })
  return `(from ${from}) is not valid: ${reasons.join('; ').replace(/\.$/, '')}.`
}

function withHint(text: string, { hint }: Setting): string {
  return hint ? `${text} ${hint}` : text
}

function maskPrinting<T extends object>(config: T, settings: Settings): T {
  const describe = describeAs(config, settings)
  return Object.defineProperties(config, {
    toJSON: { value: describe },
    [inspect.custom]: { value: describe },
  })
}
