/** Describe data once, with zod: loading, dumping, partial forms and messages come from the same schema. */

export { compileDump, type Dump, type Dumper } from './dump.ts'
export { DumpError } from './dump/dump_error.ts'
export {
  compileLoad,
  load,
  loadAsync,
  type Loaded,
  type LoadOptions,
  ValidationError,
} from './load.ts'
export type { FieldMessages, Message, MessageKey, Messages } from './messages.ts'
export { partial, type PartialObject } from './partial.ts'
export { excludeUnknown } from './unknown_members.ts'
export { z } from 'zod'
