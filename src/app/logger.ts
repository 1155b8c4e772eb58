import { type LoggerOptions, type Logger as PinoLogger, pino } from 'pino'

/** Structured logging, one JSON object a line; pino's interface. */
export type Logger = PinoLogger

/** `false` is silent; a level; pino's options; or a logger of your own. */
export type LoggerChoice = boolean | LoggerOptions['level'] | LoggerOptions | Logger

/** @returns a logger for the app called `name`; `true` is the level `info` */
export function toLogger(name: string, choice: LoggerChoice = true): Logger {
  if (typeof choice === 'object' && 'child' in choice && typeof choice.child === 'function') {
    return choice
  }
  if (choice === false) return pino({ level: 'silent' })
  const options = typeof choice === 'object' ? choice : { level: choice === true ? 'info' : choice }
  return pino({ name, ...options } as LoggerOptions)
}
