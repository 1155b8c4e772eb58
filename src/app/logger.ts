import {
  type LevelWithSilent as Level,
  type LoggerOptions,
  type Logger as PinoLogger,
  pino,
} from 'pino'

/** Structured logging, one JSON object a line; pino's interface. */
export type Logger = PinoLogger

/** `false` is silent; a level; pino's options; or a logger of your own. */
export type LoggerChoice = boolean | Level | LoggerOptions | Logger

/** @returns a logger for the app called `name`; `true` is the level `info` */
export function toLogger(name: string, choice: LoggerChoice = true): Logger {
  if (isLogger(choice)) return choice
  if (choice === false) return pino({ level: 'silent' })
  if (typeof choice === 'object') return pino({ name, ...choice })
  return pino({ name, level: choice === true ? 'info' : choice })
}

function isLogger(choice: LoggerChoice): choice is Logger {
  return typeof choice === 'object' && 'child' in choice && typeof choice.child === 'function'
}
