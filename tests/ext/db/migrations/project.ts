import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { main } from '../../../../src/run/cli/main.ts'

const REPOSITORY = resolve(import.meta.dirname, '../../../..')

/** A folder with an app that has a database, in which `dewar` can be run. */
export interface MigrationProject extends Disposable {
  readonly dir: string
  /** Change the models. */
  model(columns: string): void
  dewar(argv: string, answers?: string[]): Promise<{ code: number; out: string }>
  /** The text of the last revision. */
  lastRevision(): string
}

export const TASK = `title: string(150), status: enumeration(['pending', 'completed']).default('pending')`

/** @param url of its database */
export function migrationProject(url = 'sqlite:///app.db', models = TASK): MigrationProject {
  const dir = mkdtempSync(join(tmpdir(), 'dewar-migrations-'))
  mkdirSync(join(dir, 'node_modules'))
  symlinkSync(REPOSITORY, join(dir, 'node_modules/dewar'))
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
  let count = 0
  const file = () => `app${count}.ts`
  const model = (columns: string): void => {
    // Node keeps what it has imported, so each change is another file.
    count++
    writeFileSync(join(dir, file()), appText(url, dir, columns))
  }
  model(models)
  return {
    dir,
    model,
    async dewar(argv, answers) {
      const lines: string[] = []
      const print = (line: string) => void lines.push(line)
      const ask = answers && (async (question: string) => (print(question), answers.shift() ?? ''))
      const terminal = { print, printError: print, ask, cwd: dir, env: {} }
      const code = await main(
        ['--app', file(), 'db', ...argv.split(' ').map((each) => each.replaceAll('_', ' '))],
        terminal,
      )
      return { code, out: lines.join('\n') }
    },
    lastRevision() {
      const versions = join(dir, 'migrations/versions')
      const texts = readdirSync(versions).map((name) => readFileSync(join(versions, name), 'utf8'))
      return texts.toSorted((a, b) => (dateIn(a) < dateIn(b) ? -1 : 1)).at(-1) ?? ''
    },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  }
}

function dateIn(text: string): string {
  return /date: '(.*)'/.exec(text)?.[1] ?? ''
}

function appText(url: string, dir: string, columns: string): string {
  return `import { App } from 'dewar'
import { database, date, enumeration, id, model, string, text } from 'dewar/db'
const Task = model('tasks', { id: id(), ${columns} })
export const db = database([Task])
export const app = new App('tasks', { logger: false })
app.install(db, { url: '${url}', dir: ${JSON.stringify(dir)} })
app.onStart(() => { throw new Error('it must not be started') })
`
}
