import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const { exports, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const subpaths = Object.keys(exports)
  .filter((path) => !path.endsWith('.json'))
  .map((path) => path.replace(/^\./, 'dewar'))

/** An empty project with the packed package and its dependencies, as an installation would leave them. */
async function install(): Promise<string> {
  const project = mkdtempSync(join(tmpdir(), 'dewar-package-'))
  const installed = join(project, 'node_modules', 'dewar')
  mkdirSync(installed, { recursive: true })
  await run('npm', ['pack', '--silent', '--pack-destination', project])
  const [tarball = ''] = readdirSync(project).filter((name) => name.endsWith('.tgz'))
  await run('tar', ['-xzf', join(project, tarball), '-C', installed, '--strip-components=1'])
  for (const name of [...Object.keys(dependencies), '@types', 'undici-types']) {
    mkdirSync(join(project, 'node_modules', name, '..'), { recursive: true })
    symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name))
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  return project
}

test('the packed package imports, with types, in an empty project', async () => {
  const project = await install()
  try {
    const imports = subpaths.map((path, i) => `import * as m${i} from '${path}'`)
    const used = subpaths.map((_, i) => `if (Object.keys(m${i}).length === 0) throw new Error()`)
    const typed = `
      import { App } from 'dewar'
      import { z } from 'dewar/schema'
      const app = new App('typed')
      app.get('/<int:id>', { output: z.object({ id: z.int() }) }, ({ params }) => params)
      // @ts-expect-error -- the output says that id is a number
      app.get('/<id>', { output: z.object({ id: z.int() }) }, ({ params }) => params)
    `
    writeFileSync(join(project, 'main.ts'), [...imports, ...used, typed].join('\n'))
    await run(process.execPath, ['main.ts'], { cwd: project, env: cleanEnv() })
    const options = ['--module', 'nodenext', '--target', 'es2024', '--strict', '--noEmit']
    await run('tsc', [...options, '--types', 'node', 'main.ts'], { cwd: project })
    const { stdout } = await run(
      process.execPath,
      [join('node_modules', 'dewar', 'bin', 'dewar.js'), '--version'],
      { cwd: project, env: cleanEnv() },
    )
    assert.match(stdout, /\d+\.\d+\.\d+/)
  } finally {
    rmSync(project, { recursive: true })
  }
})

/** Without this repository's own condition: the built files are what is tried. */
function cleanEnv(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...env } = process.env
  return env
}
