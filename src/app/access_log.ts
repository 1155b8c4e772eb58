import type { FastifyInstance } from 'fastify'
import type { Logger } from './logger.ts'
import { shownTarget } from './shown_target.ts'
import { rawTarget } from './target.ts'

/** Log a line for each request, once its answer is sent or its client is gone. */
export function logRequests(engine: FastifyInstance, log: Logger): void {
  engine.addHook('onRequest', (request, { raw }, done) => {
    const startedAt = performance.now()
    raw.once('close', () => {
      const { id, method } = request
      const ms = Math.round((performance.now() - startedAt) * 10) / 10
      const end = raw.writableFinished ? {} : { aborted: true }
      const target = shownTarget(rawTarget(request.raw))
      log.info({ request_id: id, method, target, status: raw.statusCode, ms, ...end }, 'request')
    })
    done()
  })
}
