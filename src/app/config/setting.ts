import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Profile } from './profile.ts'
import { HOW_TO_MAKE_A_SECRET, whyWeak } from './weak_secret.ts'

/** A value, or a function that makes one each time the configuration is read. */
export type Value<T> = T | (() => T)

/** Where a setting comes from when it is not given otherwise, and how it is shown. */
export interface SettingOptions<T> extends Partial<Record<Profile, Value<T>>> {
  /** The variable it is read from, or one for each profile. `NAME_FILE` names a file that holds it. */
  env?: string | Partial<Record<Profile, string>>
  /** For profiles without a value of their own. */
  default?: Value<T>
  /** Whether {@link describeConfig} and messages must not show it. */
  secret?: boolean
  /** What it is for, in one sentence. Default: the schema's description. */
  description?: string
}

/** One setting of an app. Made by {@link setting} and {@link secret}. */
export interface Setting<S extends z.ZodType = z.ZodType> extends SettingOptions<z.input<S>> {
  readonly schema: S
  /** What is wrong with a value that fits the schema, in words that do not contain it. */
  refuse?(value: z.output<S>, profile: Profile): string | undefined
  /** How to come by a value, for the message when it is missing. */
  readonly hint?: string
}

/** The settings of an app, by name. */
export type Settings = Readonly<Record<string, Setting>>

/** A setting that `schema` describes. Without a value for a profile it is required there. */
export function setting<S extends z.ZodType>(
  schema: S,
  options: SettingOptions<z.input<S>> = {},
): Setting<S> {
  return { ...options, schema }
}

export interface SecretOptions {
  /** The variable it is read from, or one for each profile. `NAME_FILE` names a file that holds it. */
  env: string | Partial<Record<Profile, string>>
  /** `'random'` makes a new one each time: what was signed before a restart is void after it. */
  development?: string
  testing?: string
  /** Fewest bytes that production accepts. Default 32, which HS256 needs. */
  minBytes?: number
  description?: string
}

/**
 * A secret that the app's operator makes up, such as a signing key.
 *
 * Production has no default for it and refuses a weak one. For what others issue
 * (a mail password, an API key), use {@link setting} with `secret: true`.
 */
export function secret(options: SecretOptions): Setting<z.ZodString> {
  const { minBytes = 32, development, testing, ...rest } = options
  return {
    ...rest,
    ...(development !== undefined && { development: toSecret(development) }),
    ...(testing !== undefined && { testing: toSecret(testing) }),
    schema: z.string().min(1),
    secret: true,
    hint: HOW_TO_MAKE_A_SECRET,
    refuse(value, profile) {
      if (profile !== 'production') return undefined
      const isOurOwn = value === development || value === testing
      return isOurOwn ? 'is the value for development' : whyWeak(value, minBytes)
    },
  }
}

function toSecret(value: string): Value<string> {
  return value === 'random' ? () => randomBytes(48).toString('base64url') : value
}

/** The variable that `setting` is read from in `profile`. */
export function variableOf({ env }: Setting, profile: Profile): string | undefined {
  return typeof env === 'string' ? env : env?.[profile]
}
