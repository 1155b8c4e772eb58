import type { ServerResponse } from 'node:http'

/** The error behind a 500, by response: how a test client gets it, and nobody on the network can. */
export const UNEXPECTED: WeakMap<object, { readonly error: unknown }> = new WeakMap<
  ServerResponse,
  { readonly error: unknown }
>()
