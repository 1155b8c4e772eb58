/**
 * Check everything that stands in a fence of the documentation: `npm run docs:check [-- page…]`.
 *
 * What is done with each kind of fence is said in CONTRIBUTING.md.
 */
import { checkCommands } from './docs/commands.ts'
import { checkCopies } from './docs/copies.ts'
import { checkExamples } from './docs/examples.ts'
import { checkFences } from './docs/fences.ts'
import { checkLinks } from './docs/links.ts'
import { readPages } from './docs/pages.ts'
import { checkSessions } from './docs/sessions.ts'

/** Below these, something is wrong with the search for pages, not with the pages. */
const FEWEST = { fences: 120, examples: 60, sessions: 50, copies: 20, commands: 30, links: 150 }

const startedAt = performance.now()
const chosen = process.argv.slice(2)
const pages = readPages(chosen)
const checks = Object.entries({
  fences: checkFences(pages),
  examples: checkExamples(pages),
  sessions: checkSessions(pages),
  copies: checkCopies(pages),
  commands: checkCommands(pages),
  links: checkLinks(pages),
})
const results = await Promise.all(checks.map(async ([name, check]) => ({ name, ...(await check) })))
const problems = [...results.flatMap((result) => result.problems), ...tooFew()]
for (const problem of problems) console.error(`${problem}\n`)
const counts = results.map(({ name, count }) => `${count} ${name}`).join(', ')
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
const verdict = problems.length === 0 ? 'all hold' : `${problems.length} problems`
console.log(`${counts}: ${verdict}, ${seconds} s.`)
if (problems.length > 0) process.exitCode = 1

function tooFew(): string[] {
  if (chosen.length > 0) {
    const isEmpty = results.every(({ count }) => count === 0)
    return isEmpty ? ['There is nothing to check in these pages.'] : []
  }
  const fewest = new Map<string, number>(Object.entries(FEWEST))
  return results
    .filter(({ name, count }) => count < (fewest.get(name) ?? 1))
    .map(({ name, count }) => `Only ${count} ${name} to check: are the pages still found?`)
}
