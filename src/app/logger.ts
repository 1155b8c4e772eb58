import {
  type LevelWithSilent as Level,
  type LoggerOptions,
  type Logger as PinoLogger,
  pino,
} from 'pino'
import { textLog } from './text_log.ts'

/** Structured logging, one JSON object a line; pino's interface. */
export type Logger = PinoLogger

/** `false` is silent; a level; pino's options; or a logger of your own. */
export type LoggerChoice = boolean | Level | LoggerOptions | Logger

/**
 * @param format `'text'` shows lines to a person, where the choice does not say how
 * @returns a logger for the app called `name`; `true` is the level `info`
 */
export function toLogger(
  name: string,
  choice: LoggerChoice = true,
  format: string | undefined = process.env['DEWAR_LOG'],
): Logger {
  if (isLogger(choice)) return choice
  if (choice === false) return pino({ level: 'silent' })
  const own = typeof choice === 'object' ? choice : { level: choice === true ? 'info' : choice }
  const options = { name, ...own }
  const isText = format === 'text' && own.transport === undefined
  return isText ? pino(options, textLog(process.stdout)) : pino(options)
}

function isLogger(choice: LoggerChoice): choice is Logger {
  return typeof choice === 'object' && 'child' in choice && typeof choice.child === 'function'
}
