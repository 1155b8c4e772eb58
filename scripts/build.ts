/** Compile `src/` to `dist/`, as it is published. */
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, rmSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' })
// Data that the compiler does not know.
for (const file of globSync('src/**/*.txt')) cpSync(file, file.replace(/^src/, 'dist'))
