import { resolve } from 'node:path'
import { collect, ConfigError } from './config_error.ts'
import { readTextFile } from './files.ts'
import type { Profile } from './profile.ts'
import { type Setting, type Value, variableOf } from './setting.ts'
import type { Sources } from './sources.ts'
import { fromText } from './text.ts'

/** What was found for a setting, and where, for messages. */
export interface Found {
  readonly value: unknown
  readonly from: string
}

/**
 * The strongest value that is given for a setting.
 *
 * @returns `undefined` when there is none
 * @throws {ConfigError} when a variable is given twice, or names a file that cannot be read
 */
export function findValue(name: string, setting: Setting, sources: Sources): Found | undefined {
  const { profile, overrides, instance } = sources
  if (Object.hasOwn(overrides, name) && overrides[name] !== undefined) {
    return { value: overrides[name], from: 'overrides' }
  }
  const variable = variableOf(setting, profile)
  const given = variable === undefined ? undefined : findText(variable, sources)
  if (given) return { ...given, value: fromText(setting.schema, given.value) }
  if (Object.hasOwn(instance, name)) return { value: instance[name], from: 'instance/config.json' }
  return defaultOf(setting, profile)
}

/** The value that the app itself gives a setting in `profile`. */
export function defaultOf(setting: Setting, profile: Profile): Found | undefined {
  const own = setting[profile]
  if (own !== undefined) return { value: make(own), from: `the value for ${profile}` }
  if (setting.default !== undefined) return { value: make(setting.default), from: 'the default' }
  return undefined
}

function make(value: Value<unknown>): unknown {
  return typeof value === 'function' ? value() : value
}

/** An empty variable hides those of weaker files and counts as not given: compose writes `A=${A}` so. */
function findText(variable: string, sources: Sources): { value: string; from: string } | undefined {
  for (const [from, env] of sources.variables) {
    const text = env[variable]
    const path = env[`${variable}_FILE`]
    if (text && path) {
      const message = `${variable} and ${variable}_FILE are both set in ${from}: remove one.`
      throw new ConfigError([message])
    }
    if (path) return readVariableFile(`${variable}_FILE`, path, sources.dir)
    if (text !== undefined) return text === '' ? undefined : { value: text, from }
  }
  return undefined
}

function readVariableFile(
  variable: string,
  path: string,
  dir: string,
): { value: string; from: string } {
  const problems: string[] = []
  const text = collect(problems, () => readTextFile(resolve(dir, path)))
  const [problem = `${path} does not exist.`] = problems
  if (text === undefined) throw new ConfigError([`${variable}: ${problem}`])
  const value = text.replace(/\r?\n$/, '')
  if (value === '') throw new ConfigError([`${variable}: ${path} is empty.`])
  return { value, from: `${variable} ${path}` }
}
