import type { StoredRow } from './driver.ts'
import type { Link } from './link.ts'
import type { TableColumn } from './table.ts'

/** Makes an object of what the database answered. */
export type Decode<Row> = (stored: StoredRow) => Row

/** What stands in an answer: a table's columns, then those of what is joined, one after the other. */
interface Shape {
  readonly columns: readonly TableColumn[]
  readonly joined: readonly { readonly link: Link; readonly tree: Shape }[]
  readonly apart: readonly { readonly link: Link }[]
}

/** Generated code: a literal makes rows of one hidden class, which loops over names do not. Names are plain words. */
export function toDecode(shape: Shape): Decode<object> {
  const decoders: TableColumn['decode'][] = []
  const literal = toLiteral(shape, decoders)
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call, typescript/no-unsafe-return -- see above
  return new Function('d', `return (r) => (${literal})`)(decoders)
}

/** @param decoders of the columns so far, in the order of the answer; those of `shape` are added */
function toLiteral({ columns, joined, apart }: Shape, decoders: TableColumn['decode'][]): string {
  const members = columns.map(({ name, decode }) => {
    const at = decoders.push(decode) - 1
    return `${JSON.stringify(name)}: ${decode ? `r[${at}] === null ? null : d[${at}](r[${at}])` : `r[${at}]`}`
  })
  for (const { link, tree } of joined) {
    // Where there is no such row, all of its columns are null.
    const at = decoders.length + tree.columns.findIndex(({ name }) => name === link.to)
    const literal = toLiteral(tree, decoders)
    members.push(`${JSON.stringify(link.name)}: r[${at}] === null ? null : ${literal}`)
  }
  for (const { link } of apart) members.push(`${JSON.stringify(link.name)}: null`)
  return `{ ${members.join(', ')} }`
}
