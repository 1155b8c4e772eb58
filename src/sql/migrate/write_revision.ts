import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { logOf } from './operations.ts'
import { readRevision, versionsDir } from './read_revisions.ts'
import { type RevisionSource, revisionText } from './render.ts'

/** 8 hexadecimal digits, at least one of them a letter, so that none looks like a number. */
export function newRevisionId(): string {
  const id = randomBytes(4).toString('hex')
  return /[a-f]/.test(id) ? id : newRevisionId()
}

/** `20261121_0a1b2c3d_add_due_date.ts` */
function fileNameOf({ id, message, date }: RevisionSource): string {
  const words = message.toLowerCase().match(/[\p{L}\d]+/gu) ?? []
  const slug = words.join('_').slice(0, 40).replace(/_+$/, '')
  const day = date.slice(0, 10).replaceAll('-', '')
  return `${[day, id, slug].filter((part) => part !== '').join('_')}.ts`
}

/** Write the file. @returns its path */
export async function writeRevision(dir: string, source: RevisionSource): Promise<string> {
  await mkdir(versionsDir(dir), { recursive: true })
  const path = join(versionsDir(dir), fileNameOf(source))
  await writeFile(path, revisionText(source), { flag: 'wx' })
  return path
}

/** Write the file under another name, read it, and see whether it says what it should. @returns what is wrong */
export async function tryRevision(
  dir: string,
  source: RevisionSource,
): Promise<string | undefined> {
  await mkdir(versionsDir(dir), { recursive: true })
  const path = join(versionsDir(dir), `.${source.id}.ts`)
  await writeFile(path, revisionText(source), { flag: 'wx' })
  try {
    const revision = await readRevision(path)
    const isUp = isDeepStrictEqual(logOf(revision.upgrade), source.up)
    const isDown = isDeepStrictEqual(logOf(revision.downgrade), source.down)
    return isUp && isDown ? undefined : 'The text of the file does not say what it should.'
  } finally {
    await rm(path, { force: true })
  }
}
