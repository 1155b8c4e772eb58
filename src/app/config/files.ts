import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from './config_error.ts'
import { parseEnvText } from './env_text.ts'
import type { Env } from './profile.ts'

/**
 * The folder for what belongs to one installation, such as a SQLite file: `<dir>/instance`.
 *
 * Made when it is missing, for its owner only. Keep it out of version control.
 *
 * @throws {ConfigError} when it cannot be made
 */
export function ensureInstanceDir(dir: string): string {
  const path = join(dir, 'instance')
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new ConfigError([`The folder ${path} cannot be made (${codeOf(error)}).`])
  }
  return path
}

/**
 * The variables in a `.env` file; none when there is no such file.
 *
 * @throws {ConfigError} when it cannot be read, or a line is not understood
 */
export function readEnvFile(path: string): Env {
  const text = readTextFile(path)
  return text === undefined ? {} : parseEnvText(text, path)
}

/**
 * The settings in `instance/config.json`; none when there is no such file.
 *
 * @throws {ConfigError} when it cannot be read, or is not a JSON object
 */
export function readInstanceFile(path: string): Readonly<Record<string, unknown>> {
  const text = readTextFile(path)
  if (text === undefined) return {}
  const value = parseJSON(text)
  if (isRecord(value)) return value
  throw new ConfigError([`${path} is not a JSON object.`])
}

/**
 * What a file says.
 *
 * @returns `undefined` when there is no such file
 * @throws {ConfigError} when it cannot be read, or is not UTF-8
 */
export function readTextFile(path: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return undefined
    const why =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not UTF-8 text' : 'cannot be read'
    throw new ConfigError([`${path} ${why} (${code}).`])
  }
}

function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
