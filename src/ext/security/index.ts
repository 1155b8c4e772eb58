/** What a server says and refuses by default: headers for browsers, other origins, unknown hosts. */

export type { CORSOptions } from './cors.ts'
export type { SecurityHeaders } from './headers.ts'
export { type Security, security, type SecurityOptions } from './security.ts'
