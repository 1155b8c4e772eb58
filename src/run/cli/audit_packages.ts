import { existsSync, readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Finding } from '../../app/audit.ts'

const LOCKS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
]

/** What is unsafe about the packages and files of a project. */
export function auditPackages(dir: string): readonly Finding[] {
  const manifest = readManifest(dir)
  if (!manifest) return []
  return [...auditVersions(manifest), ...auditLock(dir, manifest), ...auditTracked(dir)]
}

type Manifest = Readonly<Record<string, string>>

/** The dependencies at run time. */
function readManifest(dir: string): Manifest | undefined {
  const file = join(dir, 'package.json')
  if (!existsSync(file)) return undefined
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return toStrings(memberOf(memberOf(parsed, 'dependencies')))
}

function auditVersions(manifest: Manifest): Finding[] {
  return Object.entries(manifest).flatMap(([name, range]) => {
    const remedy = `Name a version: npm install --save-exact ${name}`
    if (/^(?:|\*|x|latest|next|>=?.*)$/.test(range.trim())) {
      return { unsafe: `Any version of "${name}" will do: "${range}".`, remedy }
    }
    const isCommit = /#[\da-f]{40}$/.test(range)
    if (/^(?:git|http|[\w-]+\/)/.test(range) && !isCommit) {
      return { unsafe: `"${name}" is whatever an address has: "${range}".`, remedy }
    }
    return []
  })
}

function auditLock(dir: string, manifest: Manifest): Finding[] {
  if (Object.keys(manifest).length === 0) return []
  if (!LOCKS.some((name) => existsSync(join(dir, name)))) {
    const unsafe = 'No lock file says which versions are installed.'
    return [{ unsafe, remedy: 'Commit package-lock.json, and install with npm ci.' }]
  }
  const file = join(dir, 'package-lock.json')
  const lock: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  return Object.entries(memberOf(lock, 'packages')).flatMap(([path, each]) => {
    const { resolved = '' } = toStrings(memberOf(each))
    if (!resolved.startsWith('http://')) return []
    const unsafe = `${path} comes over plain HTTP, where anybody may change it.`
    return { unsafe, remedy: 'Use a registry over https, and make the lock file anew.' }
  })
}

/** Files with secrets that git has. */
function auditTracked(dir: string): Finding[] {
  return trackedIn(dir).map((file) => ({
    unsafe: `${file} is in git, where secrets stay for ever.`,
    remedy: `git rm --cached ${file}, add it to .gitignore, and replace the secrets in it.`,
  }))
}

function trackedIn(dir: string): string[] {
  const names = ['.env', '.env.production', '.env.local', 'instance']
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const
    const found = execFileSync('git', ['ls-files', '--', ...names], {
      cwd: dir,
      encoding: 'utf8',
      stdio: [...stdio],
    })
    return found.split('\n').filter(Boolean)
  } catch {
    // No git, or no repository: then nothing is tracked.
    return []
  }
}

function memberOf(value: unknown, name?: string): object {
  const member: unknown =
    name === undefined
      ? value
      : typeof value === 'object' && value !== null
        ? Reflect.get(value, name)
        : undefined
  return typeof member === 'object' && member !== null ? member : {}
}

function toStrings(value: object): Manifest {
  const pairs = Object.entries(value).filter((pair): pair is [string, string] => {
    return typeof pair[1] === 'string'
  })
  return Object.fromEntries(pairs)
}
