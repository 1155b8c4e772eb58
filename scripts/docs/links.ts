/** Relative links lead to files, and to headings, that exist. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from './pages.ts'

const LINK = /\]\(<?([^()\s>]*(?:\([^()\s]*\))?[^()\s>]*)>?(?: "[^"]*")?\)|^\[[^\]]+\]: +(\S+)/g
const EXTERNAL = /^[a-z][a-z\d+.-]*:/i

/** @returns how many links there are, and what is wrong with them */
export function checkLinks(pages: readonly Page[]) {
  const found = pages.filter(({ file }) => file.endsWith('.md')).flatMap(checkPage)
  return { count: found.length, problems: found.flat() }
}

function checkPage({ file, prose }: Page): string[][] {
  return prose.flatMap((line, i) => {
    const targets = [...line.replaceAll(/`[^`]*`/g, '').matchAll(LINK)]
    return targets
      .map(([, inline, reference]) => inline ?? reference ?? '')
      .filter((target) => !EXTERNAL.test(target))
      .map((target) => checkLink(file, target).map((why) => `${file}:${i + 1}: ${why}`))
  })
}

function checkLink(file: string, target: string): string[] {
  const [path = '', heading] = target.split('#')
  if (path.startsWith('/')) return [`the link ${target} is not relative.`]
  const to = path === '' ? file : join(dirname(file), decodeURIComponent(path))
  if (!existsSync(to)) return [`the link ${target} leads to ${to}, which does not exist.`]
  if (heading === undefined) return []
  if (statSync(to).isDirectory() || !headingsOf(to).has(heading)) {
    return [`the link ${target} leads to no heading of ${to}.`]
  }
  return []
}

const known = new Map<string, Set<string>>()

/** The anchors of a page's headings, as the usual hosts make them. */
function headingsOf(file: string): Set<string> {
  const anchors = known.get(file) ?? new Set<string>()
  if (known.has(file)) return anchors
  known.set(file, anchors)
  const prose = readFileSync(file, 'utf8').replaceAll(/^ *```.*?^ *```/gms, '')
  for (const [, heading = ''] of prose.matchAll(/^#+ +(.+)$/gm)) {
    const anchor = toAnchor(heading)
    const taken = [...anchors].filter((each) => each.replace(/-\d+$/, '') === anchor).length
    anchors.add(taken === 0 ? anchor : `${anchor}-${taken}`)
  }
  return anchors
}

function toAnchor(heading: string): string {
  const text = heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
  return text.replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-')
}
