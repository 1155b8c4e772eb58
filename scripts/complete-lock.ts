/**
 * Complete `package-lock.json` after `npm install`: `node scripts/complete-lock.ts`.
 *
 * npm leaves out optional packages of other platforms that it could not look up, and `npm ci` then refuses
 * the lock file. What is added here is skipped on every platform but its own.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface Entry {
  version?: string
  cpu?: string[]
  os?: string[]
  libc?: string[]
  dev?: boolean
  optional?: boolean
  optionalDependencies?: Record<string, string>
}

const LOCK = 'package-lock.json'
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'win32', 'openharmony']
const PROCESSORS = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'wasm32', 'arm']

const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(LOCK, 'utf8'))
const added: string[] = []
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`
    if (lock.packages[key]) continue
    const isForDevelopment = entry.dev === true || path.startsWith('tools/')
    lock.packages[key] = { ...toEntry(name, version), ...(isForDevelopment && { dev: true }) }
    added.push(name)
  }
}
const packages = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1))
lock.packages = Object.fromEntries(packages)
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added.length} packages added to ${LOCK}.`)

function toEntry(name: string, version: string): Entry {
  const platform = name.split('/').at(-1) ?? name
  const cpu = PROCESSORS.find((each) => platform.includes(each))
  const os = SYSTEMS.find((each) => platform.includes(each))
  const libc = platform.includes('musl') ? 'musl' : platform.includes('gnu') ? 'glibc' : undefined
  return {
    version,
    optional: true,
    ...(cpu && { cpu: [cpu] }),
    ...(os && { os: [os] }),
    ...(libc && os === 'linux' && { libc: [libc] }),
  }
}
