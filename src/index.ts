/** The app, its routes, its errors and its configuration. Batteries live in `dewar/<name>`. */

export { App, type AppOptions } from './app/app.ts'
export type { AuditCheck, Finding } from './app/audit.ts'
export { Blueprint, type BlueprintOptions } from './app/blueprint.ts'
export {
  type Ask,
  type Command,
  command,
  type CommandGroup,
  type CommandInput,
  type CommandOptions,
} from './app/commands.ts'
export { ConfigError } from './app/config/config_error.ts'
export { type Config, type ConfigReader, defineConfig } from './app/config/define_config.ts'
export { describeConfig, explainConfig } from './app/config/describe_config.ts'
export { ensureInstanceDir } from './app/config/files.ts'
export { maskURL } from './app/config/mask.ts'
export type { Profile } from './app/config/profile.ts'
export { secret, setting } from './app/config/setting.ts'
export type { BaseContext, Context, CookieOptions, HandlerContext } from './app/context.ts'
export type { Contract } from './app/contract.ts'
export type { ErrorHandler, ErrorTarget } from './app/error_handlers.ts'
export type { Extension, Setup } from './app/extension.ts'
export type { Incoming } from './app/incoming.ts'
export type { Logger, LoggerChoice } from './app/logger.ts'
export { middleware, type Middleware, type Next } from './app/middleware.ts'
export { Outgoing } from './app/outgoing.ts'
export { type FormatError, problem } from './app/problem.ts'
export type { RegisterOptions, Route } from './app/routes.ts'
export {
  currentPrincipal,
  currentScope,
  type Principal,
  type Scope,
  ScopeLocal,
  type UnitOfWork,
} from './app/scope.ts'
export { urlFor, type UrlFor, type UrlOptions } from './app/url_for.ts'
export {
  abort,
  BadRequest,
  Conflict,
  Forbidden,
  HTTPError,
  type HTTPErrorOptions,
  InvalidInput,
  MethodNotAllowed,
  NotFound,
  PayloadTooLarge,
  ServiceUnavailable,
  TooManyRequests,
  Unauthorized,
  UnsupportedMediaType,
} from './http/errors.ts'
export {
  accepted,
  created,
  file,
  html,
  noContent,
  jsonList,
  ListReply,
  RawReply,
  redirect,
  Reply,
  reply,
  type ReplyHeaders,
  stream,
  text,
} from './http/reply.ts'
export { bindArgs, type ConverterArgs } from './http/path/args.ts'
export { type Converter, type ConverterFactory, defineConverter } from './http/path/converter.ts'
export { PathError } from './http/path/grammar.ts'
export type { PathParams } from './http/path/params.ts'
export type { UploadedFile } from './http/body/uploaded_file.ts'
export { uploadedFile } from './http/body/uploaded_file_schema.ts'
export type { Duration } from './lib/duration.ts'
