/**
 * Check everything that stands in a fence of the documentation: `npm run docs:check [page…]`.
 *
 * What is done with each kind of fence is said in CONTRIBUTING.md.
 */
import { checkCommands } from './docs/commands.ts'
import { checkCopies } from './docs/copies.ts'
import { checkExamples } from './docs/examples.ts'
import { checkLinks } from './docs/links.ts'
import { readPages } from './docs/pages.ts'
import { checkSessions } from './docs/sessions.ts'

/** Below this, something is wrong with the search for pages, not with the pages. */
const FEWEST = 60

const chosen = process.argv.slice(2)
const pages = readPages(chosen)
const checks = Object.entries({
  examples: checkExamples(pages),
  sessions: checkSessions(pages),
  copies: checkCopies(pages),
  commands: checkCommands(pages),
  links: checkLinks(pages),
})
const results = await Promise.all(
  checks.map(async ([name, check]) => ({ name, ...(await check) })),
)
for (const { problems } of results) for (const problem of problems) console.error(problem)
const counts = results.map(({ name, count }) => `${count} ${name}`).join(', ')
const failed = results.flatMap(({ problems }) => problems).length
console.log(`${counts}: ${failed === 0 ? 'all hold.' : `${failed} problems.`}`)
const total = results.reduce((sum, { count }) => sum + count, 0)
const isEmpty = chosen.length === 0 && total < FEWEST
if (isEmpty) console.error(`Only ${total} things to check: are the pages still found?`)
if (failed > 0 || isEmpty) process.exitCode = 1
