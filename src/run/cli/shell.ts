import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { evaluate } from './evaluate.ts'
import { type Invocation, loadAskedApp } from './invocation.ts'
import { openREPL } from './repl.ts'
import { bannerLines, defineGlobals, shellNames } from './shell_names.ts'

/** Run `code` in the app, or what comes on standard input, or open a prompt at a terminal. */
export async function shell(code: string | undefined, invocation: Invocation): Promise<void> {
  const { terminal } = invocation
  const loaded = await loadAskedApp(invocation)
  const { app } = loaded
  try {
    await app.ready()
    const names = await shellNames(loaded)
    defineGlobals(names)
    if (code !== undefined) return await evaluate(code, app, terminal.cwd)
    if (!process.stdin.isTTY) return await evaluate(await text(process.stdin), app, terminal.cwd)
    for (const line of bannerLines(app, names)) terminal.print(line)
    await openREPL(app, join(homedir(), '.dewar_history'))
  } finally {
    await app.close()
  }
}
