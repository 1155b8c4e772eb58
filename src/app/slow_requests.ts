import type { ServerResponse } from 'node:http'
import type { AnyApp } from './app.ts'
import { shownTarget } from './shown_target.ts'
import { rawTarget } from './target.ts'

/** A look at what is in flight, this many times before a request counts as slow. */
const LOOKS = 4

/**
 * Log requests that wait for their answer for too long, and moments in which nothing at all was answered.
 *
 * It looks at the connections now and then, so that requests are not timed, each.
 *
 * @returns ends the watch
 */
export function watchSlowRequests({ connections, log }: AnyApp, limitMs: number): () => void {
  const firstSeen = new WeakMap<ServerResponse, number>()
  const told = new WeakSet<ServerResponse>()
  const everyMs = limitMs / LOOKS
  let lookedAt = performance.now()

  function look(): void {
    const now = performance.now()
    const blockedMs = now - lookedAt - everyMs
    lookedAt = now
    if (blockedMs > limitMs) {
      const ms = Math.round(blockedMs)
      log.warn({ ms }, 'the event loop was blocked: nothing was answered meanwhile')
    }
    for (const answer of connections.inFlight) {
      // A stream may take its time, and so may a body on its way.
      if (answer.headersSent || !answer.req.complete || told.has(answer)) continue
      const waitedMs = now - (firstSeen.get(answer) ?? now)
      if (waitedMs === 0) firstSeen.set(answer, now)
      if (waitedMs >= limitMs) tell(answer, now - waitedMs)
    }
  }

  function tell(answer: ServerResponse, since: number): void {
    told.add(answer)
    const { method } = answer.req
    const request = { method, target: shownTarget(rawTarget(answer.req)) }
    log.warn({ ...request, ms: Math.round(performance.now() - since) }, 'a request is slow')
    answer.once('close', () => {
      const ms = Math.round(performance.now() - since)
      const end = answer.writableFinished ? { status: answer.statusCode } : { aborted: true }
      log.warn({ ...request, ...end, ms }, 'a slow request has ended')
    })
  }

  const timer = setInterval(look, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
