/** Where a request ends: what two servers in a row may read differently. */
import { answered, type Case, closed, get, post } from './cases.ts'

const JSON_TYPE = 'Content-Type: application/json\r\n'
const BODY = '{"title":"a"}'

const framed = (headers: string, body = BODY, version = '1.1'): string =>
  `POST /json HTTP/${version}\r\nHost: x\r\n${JSON_TYPE}${headers}\r\n${body}`
const chunked = (body: string): string => framed('Transfer-Encoding: chunked\r\n', body)

const LENGTHS: readonly Case[] = [
  {
    name: 'a Content-Length that is too long takes from the next request',
    bytes: framed('Content-Length: 20\r\n'),
    statuses: [400, 400],
    isKept: false,
  },
  {
    name: 'one that is too short leaves garbage',
    bytes: framed('Content-Length: 5\r\n'),
    statuses: [400, 400],
    isKept: false,
  },
  closed('two that are equal', framed('Content-Length: 13\r\nContent-Length: 13\r\n'), 400),
  closed('two that differ', framed('Content-Length: 13\r\nContent-Length: 5\r\n'), 400),
  ...['13, 13', '-1', '+13', '0xd', '', 'five', '13 ,', '1.3e1', '9'.repeat(23)].map((length) =>
    closed(`Content-Length: ${length}`, framed(`Content-Length: ${length}\r\n`), 400),
  ),
  answered('none', framed('', ''), 400, /empty/),
  { name: 'none, and a body', bytes: framed(''), statuses: [400, 400], isKept: false },
  closed('none, in HTTP/1.0', framed('', BODY, '1.0'), 400),
]

const SMUGGLING: readonly Case[] = [
  closed(
    'CL.TE',
    framed(
      'Content-Length: 35\r\nTransfer-Encoding: chunked\r\n',
      '0\r\n\r\nGET /echo/x HTTP/1.1\r\nX: ',
    ),
    400,
  ),
  closed(
    'TE.CL',
    framed('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', '5\r\nabcde\r\n0\r\n\r\n'),
    400,
  ),
  ...[
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding: identity',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: chunked, chunked',
    'Transfer-Encoding: "chunked"',
    'Transfer-Encoding: \x0bchunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: x',
    'Transfer-Encoding: x\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding:\r\n chunked',
    'Transfer-Encoding : chunked',
    ' Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked\nX: y',
    'X: y\nTransfer-Encoding: chunked',
  ].map((header) => closed(JSON.stringify(header), framed(`${header}\r\n`, '0\r\n\r\n'), 400)),
  closed('chunks in HTTP/1.0', framed('Transfer-Encoding: chunked\r\n', '0\r\n\r\n', '1.0'), 400),
  answered(
    'TE in capitals',
    framed('TRANSFER-ENCODING: CHUNKED\r\n', `d\r\n${BODY}\r\n0\r\n\r\n`),
    200,
  ),
]

const CHUNKS: readonly Case[] = [
  answered('an extension', chunked(`d;a=b\r\n${BODY}\r\n0\r\n\r\n`), 200),
  closed('a long extension', chunked(`d;a=${'b'.repeat(100_000)}\r\n${BODY}\r\n0\r\n\r\n`), 413),
  closed('LF in an extension', chunked(`d;a\nX\r\n${BODY}\r\n0\r\n\r\n`), 400),
  ...['zz', '-1', '0xd', 'F'.repeat(17), '', ' d', '5'].map((size) =>
    closed(`a chunk of size "${size}"`, chunked(`${size}\r\n${BODY}\r\n0\r\n\r\n`), 400),
  ),
  closed('no last CRLF', chunked(`d\r\n${BODY}\r\n0\r\n`), 400),
  closed('LF for CRLF', chunked(`d\n${BODY}\n0\n\n`), 400),
  closed('a length in the trailer', chunked(`d\r\n${BODY}\r\n0\r\nContent-Length: 3\r\n\r\n`), 400),
]

const later = post('/later', 'text/plain', '')
const PIPELINES: readonly Case[] = [
  { name: 'a hundred at once', bytes: get('/echo/a').repeat(100), statuses: Array(100).fill(200) },
  {
    name: 'a bad one after a good one',
    bytes: `${get('/echo/a')}BREW / HTTP/1.1\r\n\r\n`,
    statuses: [200, 400],
    isKept: false,
  },
  {
    name: 'a bad one while good ones are being answered',
    bytes: `${later}${later}${get('/echo/a')}BREW / HTTP/1.1\r\n\r\n`,
    statuses: [200, 200, 200, 400],
    isKept: false,
  },
  {
    name: 'a refused body between two',
    bytes: `${later}${post('/json', 'text/plain', 'x'.repeat(1000))}${later}`,
    statuses: [200, 415, 200],
  },
  answered(
    'Expect: 100-continue',
    post('/json', 'application/json', BODY, 'Expect: 100-continue\r\n'),
    200,
  ),
]

export const FRAMING_CASES: readonly Case[] = [...LENGTHS, ...SMUGGLING, ...CHUNKS, ...PIPELINES]
