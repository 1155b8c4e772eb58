import { maskValue } from './mask.ts'
import type { Profile } from './profile.ts'
import { type Setting, type Settings, variableOf } from './setting.ts'
import { defaultOf } from './find_value.ts'

/** A configuration for people: every member by name, secrets as `'***'`. */
export type DescribedConfig = Record<string, unknown>

const SETTINGS = new WeakMap<object, Settings>()

/** Remember what `config` was read from. @returns a function that describes it */
export function describeAs(config: object, settings: Settings): () => DescribedConfig {
  SETTINGS.set(config, settings)
  return () => describeConfig(config)
}

/**
 * What a configuration says, to print at start-up or to debug: secrets and the passwords of URLs are masked.
 *
 * @throws {TypeError} when `config` is a copy: only what `readConfig` returned knows its secrets
 */
export function describeConfig(config: object): DescribedConfig {
  const settings = SETTINGS.get(config)
  if (!settings)
    throw new TypeError('describeConfig needs the very object that readConfig returned.')
  const shown = Object.entries(config).map(([name, value]) => {
    const isHidden = settings[name]?.secret && value !== undefined && value !== null
    return [name, isHidden ? '***' : maskValue(name, value)]
  })
  return Object.fromEntries(shown)
}

/** One setting, for a page of documentation or the command line. */
export interface ExplainedSetting {
  readonly name: string
  readonly env: string | undefined
  /** Whether the app does not start without it. */
  readonly required: boolean
  readonly secret: boolean
  /** Masked as in {@link describeConfig}. */
  readonly default: unknown
  readonly description: string | undefined
}

/** The settings that an app has in `profile`, in the order in which they were defined. */
export function explainConfig(
  reader: { readonly settings: Settings },
  profile: Profile = 'production',
): ExplainedSetting[] {
  return Object.entries(reader.settings).map(([name, setting]) => explain(name, setting, profile))
}

function explain(name: string, setting: Setting, profile: Profile): ExplainedSetting {
  const own = defaultOf(setting, profile)
  const result = setting.schema.safeParse(own?.value)
  const value = result.success ? result.data : own?.value
  return {
    name,
    env: variableOf(setting, profile),
    required: !own && !result.success,
    secret: setting.secret ?? false,
    default: setting.secret && value !== undefined ? '***' : maskValue(name, value),
    description: setting.description ?? setting.schema.description,
  }
}
