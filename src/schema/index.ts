/** Describe data once, with zod: loading, dumping, partial forms and messages come from the same schema. */

export { compileDump, type Dump, type Dumper } from './dump.ts'
export { DumpError } from './dump/dump_error.ts'
export type { Messages } from './messages.ts'
export { partial } from './partial.ts'
export { excludeUnknown } from './unknown_members.ts'
export { z } from 'zod'
