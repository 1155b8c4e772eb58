import { type REPLEval, start } from 'node:repl'
import type { AnyApp } from '../../app/app.ts'

/** A prompt in the app, until the user leaves it. */
export async function openREPL(app: AnyApp, historyFile: string): Promise<void> {
  const server = start({ prompt: `${app.name}> `, useGlobal: true })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node declares it read-only, and calls it anew each time
  const open = server as { eval: REPLEval }
  open.eval = inScope(app, server.eval.bind(server))
  server.setupHistory(historyFile, () => undefined)
  await new Promise<void>((resolve) => void server.once('exit', resolve))
}

function inScope(app: AnyApp, evaluate: REPLEval): REPLEval {
  return function evaluateInScope(code, context, file, done) {
    const work = (): Promise<Held> =>
      new Promise((resolve, reject) => {
        evaluate.call(this, code, context, file, (error, value: unknown) => {
          if (error) reject(error)
          else resolve({ value })
        })
      })
    // oxlint-disable-next-line promise/no-callback-in-promise -- what Node's prompt wants
    void outcomeOf(app.withScope(work)).then((outcome) => done(...outcome))
  }
}

/** A value in an object: a query that was not awaited is to be shown, not run. */
interface Held {
  readonly value: unknown
}

async function outcomeOf(work: Promise<Held>): Promise<Parameters<Parameters<REPLEval>[3]>> {
  try {
    const { value } = await work
    return [null, value]
  } catch (error) {
    return [error instanceof Error ? error : new Error(String(error)), undefined]
  }
}
