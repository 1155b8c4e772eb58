/** Names of models do not begin like this. */
const HIDDEN = '__'

/** What names may have at most. */
const MAX_NAME = 64

/** The hidden column with the hash of a column that is too long for an index. */
export function hashColumn(column: string): string {
  return `${HIDDEN}${column}`.slice(0, MAX_NAME)
}

/** The hidden column that is null in rows which a unique index leaves out. */
export function conditionColumn(index: string): string {
  return `${HIDDEN}0_${index}`.slice(0, MAX_NAME)
}

/** The column of the model that a column of an index stands for. @returns undefined when there is none */
export function hiddenFrom(column: string): string | undefined {
  if (!column.startsWith(HIDDEN)) return column
  return column.startsWith(`${HIDDEN}0_`) ? undefined : column.slice(HIDDEN.length)
}
