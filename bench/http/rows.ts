import { type ItemIn, itemOf, PUBLIC_ITEMS, toItem } from './data.ts'

/** One row of the table: a request and the answer that every server must give to it. */
export interface Row {
  name: string
  method: 'GET' | 'POST'
  path: string
  body?: unknown
  /** Of the request: `Bearer …`. */
  authorization?: string
  status: number
  /** The whole answer; absent where the wording is each framework's own. */
  answer?: unknown
  /** Words that the answer holds, where it is not given whole. */
  mentions?: readonly string[]
  /** Whether budgets speak of it. Default: true. */
  isCompared?: boolean
  /** Headers that the answer carries. */
  headers?: Readonly<Record<string, string>>
}

const VALID: ItemIn = {
  name: 'Blue kettle',
  quantity: 3,
  price: 24.5,
  active: true,
  category: 'kitchen',
  tags: ['blue', 'steel'],
}

/** The rows, in the order of the report. */
export const ROWS: readonly Row[] = [
  { name: 'hello', method: 'GET', path: '/', status: 200, answer: { hello: 'world' } },
  { name: 'path', method: 'GET', path: '/items/42', status: 200, answer: toItem(itemOf(42)) },
  {
    name: 'query',
    method: 'GET',
    path: '/search?q=blue%20kettle&limit=20&tags=a&tags=b&active=true',
    status: 200,
    answer: { q: 'blue kettle', limit: 20, tags: ['a', 'b'], active: true },
  },
  {
    name: 'body',
    method: 'POST',
    path: '/items',
    body: VALID,
    status: 201,
    answer: { id: 1, ...VALID },
  },
  {
    name: 'rejected',
    method: 'POST',
    path: '/items',
    body: { ...VALID, name: '', quantity: -1, category: 'space' },
    status: 422,
    mentions: ['name', 'quantity', 'category'],
  },
  { name: 'list', method: 'GET', path: '/list', status: 200, answer: PUBLIC_ITEMS },
  {
    name: 'middleware',
    method: 'GET',
    path: '/mw',
    status: 200,
    answer: { trace: 't-1', user: 'ada', locale: 'en' },
    headers: { 'x-trace': 't-1', 'x-user': 'ada', 'x-locale': 'en' },
  },
  {
    name: 'unchecked',
    method: 'GET',
    path: '/unchecked',
    status: 200,
    answer: PUBLIC_ITEMS,
    isCompared: false,
  },
]

/** The bytes of a row's request, as one keep-alive HTTP/1.1 message. */
export function toMessage(row: Row): string {
  const body = row.body === undefined ? '' : JSON.stringify(row.body)
  const lines = [
    `${row.method} ${row.path} HTTP/1.1`,
    'host: 127.0.0.1',
    'accept: application/json',
  ]
  if (row.authorization) lines.push(`authorization: ${row.authorization}`)
  if (body)
    lines.push('content-type: application/json', `content-length: ${Buffer.byteLength(body)}`)
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
