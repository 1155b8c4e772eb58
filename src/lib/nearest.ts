/** @returns the one of `names` that was probably meant, or `undefined` when none is close */
function nearest(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, name.length / 2)
  for (const each of names) {
    const distance = startsAlike(name, each) ? 1 : editDistance(name, each)
    if (distance > least) continue
    best = each
    least = distance - 1
  }
  return best
}

/** @returns `' Did you mean "pageSize"?'`, or nothing */
export function didYouMean(name: string, names: Iterable<string>): string {
  const meant = nearest(name.slice(0, 64), names)
  return meant === undefined ? '' : ` Did you mean "${meant}"?`
}

/** `dev` for `development`. */
function startsAlike(name: string, other: string): boolean {
  return name.length > 2 && other.toLowerCase().startsWith(name.toLowerCase())
}

/** Levenshtein's distance, without regard to case. */
function editDistance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()]
  let row = Array.from({ length: to.length + 1 }, (_, j) => j)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const change = from[i - 1] === to[j - 1] ? 0 : 1
      const [above = 0, before = 0, left = 0] = [row[j], row[j - 1], next[j - 1]]
      next.push(Math.min(above + 1, left + 1, before + change))
    }
    row = next
  }
  return row[to.length] ?? 0
}
