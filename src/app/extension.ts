import type { FastifyInstance } from 'fastify'
import type { AuditCheck } from './audit.ts'
import type { Blueprint } from './blueprint.ts'
import type { Command, CommandGroup } from './commands.ts'
import type { Profile } from './config/profile.ts'
import type { ErrorClass, ErrorHandler, ErrorTarget } from './error_handlers.ts'
import type { Middleware } from './middleware.ts'
import type { Logger } from './logger.ts'

/** The part of an app that an extension may touch, and only while it is set up. */
export interface Setup {
  /** The app's name, for messages. */
  readonly name: string
  readonly log: Logger
  readonly profile: Profile | undefined
  /** For Fastify plugins that the extension brings. */
  readonly fastify: FastifyInstance
  use(middleware: Middleware): void
  register(blueprint: Blueprint, options?: { prefix?: string }): void
  command(command: Command | CommandGroup): void
  onError(target: ErrorTarget, handler: ErrorHandler): void
  /** Say how a client may see errors of this class that nobody caught; handlers for that status then answer them. */
  showError<T extends Error>(from: ErrorClass<T>, translate: (error: T) => Error): void
  /** Runs before the first request, in the order of installing. */
  onStart(start: () => void | Promise<void>): void
  /** Runs when the app closes, last installed first. */
  onClose(release: () => void | Promise<void>): void
  /** Say, when `dewar audit` asks, what about this installation is unsafe in production. */
  audit(check: AuditCheck): void
  /** A line for the output at start-up, such as `['database', 'sqlite:///instance/app.db']`. */
  announce(label: string, text: string): void
}

/**
 * A battery: made once at module level, installed into any number of apps.
 *
 * It keeps nothing on itself. What `setup` returns is kept by the app, so two
 * apps in one process never share a connection, a counter or a secret.
 */
export interface Extension<State, Options = void> {
  readonly name: string
  setup(app: Setup, options: Options): State
}

// oxlint-disable-next-line typescript/no-explicit-any -- the one extension every extension is assignable to
export type AnyExtension = Extension<any, any>
export type StateOf<E extends AnyExtension> =
  E extends Extension<infer State, infer _> ? State : never
