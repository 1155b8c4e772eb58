import type { Scope } from '../../app/scope.ts'

/** The route of a request, else what kind of scope it is. */
export function labelOf({ kind, request }: Scope): string {
  if (!request) return kind
  return request.routeName ?? `${request.fastifyRequest.method} ${request.route?.path ?? ''}`
}
