import { randomUUID } from 'node:crypto'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AnyApp } from '../../app/app.ts'

/**
 * Run code as a module of the folder `cwd`, in one scope of the app: kept when it succeeds, undone when it throws.
 *
 * It may have types, `await` and imports, like a file of the app.
 *
 * @throws whatever the code throws
 */
export async function evaluate(code: string, app: AnyApp, cwd: string): Promise<void> {
  const url = `${pathToFileURL(join(cwd, '[shell]')).href}?${randomUUID()}`
  const format = 'module-typescript'
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === url ? { url, format, shortCircuit: true } : next(specifier, context),
    load: (each, context, next) =>
      each === url ? { format, source: code, shortCircuit: true } : next(each, context),
  })
  try {
    await app.withScope(() => import(url))
  } finally {
    hooks.deregister()
  }
}
