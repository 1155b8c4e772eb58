/** Request lines, targets and headers. */
import assert from 'node:assert/strict'
import { answered, type Case, closed, get } from './cases.ts'

const line = (text: string, headers = 'Host: x\r\n'): string => `${text}\r\n${headers}\r\n`

const TARGETS: readonly Case[] = [
  answered('bad escapes stay as they are', get('/text/%zz%'), 200, /"%zz%"/),
  answered('bad escapes in a query too', get('/search?value=%zz%'), 200, /"%zz%"/),
  closed('a raw NUL in the path', get('/text/a\0b'), 400),
  answered('%00 is a character', get('/text/a%00b'), 200, /a\\u0000b/),
  answered('%00 in a query', get('/search?value=a%00b'), 200, /a\\u0000b/),
  answered('bytes that are not UTF-8', get('/text/%ff%fe'), 200, /\xef\xbf\xbd/),
  answered('in a query', get('/search?value=%c3%28'), 200, /\xef\xbf\xbd\(/),
  answered('overlong UTF-8 is no slash', get('/text/%c0%af'), 200, /\xef\xbf\xbd/),
  closed('raw bytes above ASCII', get('/text/\xff\xfe'), 400),
  closed('raw bytes in a query', get('/search?value=\xff'), 400),
  answered(
    'names of prototypes in a query',
    get('/search?__proto__=1&__proto__[polluted]=1&constructor.prototype.polluted=1&value=1'),
    200,
    /^\{"value":"1"\}$/,
  ),
  answered('a repeated parameter', get('/search?page=1&page=2'), 200, /"page":1/),
  answered('thousands of parameters', get(`/search?${'a=1&'.repeat(3000)}`), 400, /too many/),
  closed('a hundred thousand parameters', get(`/search?${'a=1&'.repeat(100_000)}`), 431),
  closed('a URL of 100 KB', get(`/echo/${'a'.repeat(100_000)}`), 431),
  answered('a URL of 15 KB', get(`/echo/${'a'.repeat(15_000)}`), 200),
  answered('15,000 slashes', get('/'.repeat(15_000)), 404),
  answered('a number of 10,000 digits', get(`/num/${'9'.repeat(10_000)}`), 404),
  answered('one in a query', get(`/search?page=${'9'.repeat(10_000)}`), 422),
  answered(
    'the absolute form',
    get('http://other:80/where'),
    200,
    /^\["http:\/\/other:80","other"\]$/,
  ),
  closed('an absolute form without a host', get('http://[/where'), 400),
  closed('the authority form', get('other:80'), 400),
  answered('OPTIONS *', line('OPTIONS * HTTP/1.1'), 404),
  answered('GET *', get('*'), 404),
]

const LINES: readonly Case[] = [
  closed('HTTP/0.9', 'GET /echo/a\r\n', 400),
  closed('a request that says HTTP/0.9', line('GET /echo/a HTTP/0.9'), 400),
  closed('HTTP/1.0', line('GET /echo/a HTTP/1.0', ''), 200),
  answered('HTTP/1.0, kept alive', line('GET /echo/a HTTP/1.0', 'Connection: keep-alive\r\n'), 200),
  closed('a request that says HTTP/2.0', line('GET /echo/a HTTP/2.0'), 400, /version/),
  closed('HTTP/9.9', line('GET /echo/a HTTP/9.9'), 400),
  closed('http/1.1', line('GET /echo/a http/1.1'), 400),
  closed('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400),
  closed('TLS', Buffer.from('16030100c8010000c40303', 'hex'), 400),
  closed('an unknown method', line('BREW /echo/a HTTP/1.1'), 400),
  closed('a method in lower case', line('get /echo/a HTTP/1.1'), 400),
  answered('a method of WebDAV', line('PROPFIND /echo/a HTTP/1.1'), 405),
  answered('TRACE', line('TRACE /echo/a HTTP/1.1'), 405),
  { name: 'CONNECT', bytes: line('CONNECT other:80 HTTP/1.1'), statuses: [], isKept: false },
  closed('bare LF', 'GET /echo/a HTTP/1.1\nHost: x\n\n', 400),
  closed('bare CR', 'GET /echo/a HTTP/1.1\rHost: x\r\r', 400),
  { name: 'empty lines before a request', bytes: '\r\n\r\n\r\n', statuses: [] },
]

const HEADERS: readonly Case[] = [
  closed('NUL in a header', get('/echo/a', 'X: a\0b\r\n'), 400),
  closed('CR in a header', get('/echo/a', 'X: a\rEvil: 1\r\n'), 400),
  closed('LF in a header', get('/echo/a', 'X: a\nEvil: 1\r\n'), 400),
  closed('a folded header', get('/echo/a', 'X: a\r\n b\r\n'), 400),
  closed('a space before the colon', get('/echo/a', 'X : a\r\n'), 400),
  closed('no colon', get('/echo/a', 'Xa\r\n'), 400),
  closed('no name', get('/echo/a', ': a\r\n'), 400),
  closed('a bad name', get('/echo/a', 'X(y): a\r\n'), 400),
  answered(
    'bytes that are not UTF-8 in a header',
    get('/headers', 'X-A: \xff\xfe\r\n'),
    200,
    /^2$/,
  ),
  answered('a header a hundred times', get('/headers', 'X-A: 1\r\n'.repeat(100)), 200, /^2$/),
  answered('names of prototypes', get('/headers', '__proto__: 1\r\nconstructor: 1\r\n'), 200),
  closed('a header of 1 MB', get('/echo/a', `X: ${'a'.repeat(1_000_000)}\r\n`), 431),
  closed('2,000 headers', get('/headers', 'abc: d\r\n'.repeat(2000)), 431),
  closed('cookies of 100 KB', get('/cookies', `Cookie: ${'a=b; '.repeat(20_000)}\r\n`), 431),
  answered('2,000 cookies', get('/cookies', `Cookie: ${'a=b; '.repeat(2000)}\r\n`), 200, /^1$/),
  answered(
    'bad cookies',
    get('/cookies', 'Cookie: a=%ff%zz; =; ;;; __proto__=1; \xff=\xfe\r\n'),
    200,
  ),
  answered(
    'headers of a proxy that nobody trusts',
    get(
      '/where',
      'X-Forwarded-Host: evil\r\nX-Forwarded-Proto: javascript\r\nForwarded: host=evil\r\n',
    ),
    200,
    /^\["http:\/\/x","x"\]$/,
  ),
  answered('another Host', line('GET /where HTTP/1.1', 'Host: evil\r\n'), 200, /http:\/\/evil/),
  closed('a Host that is none', line('GET /where HTTP/1.1', 'Host: e il/../@x:y\r\n'), 400, /Host/),
  closed('a Host beyond ASCII', line('GET /where HTTP/1.1', 'Host: \xff\r\n'), 400, /Host/),
  closed('two Hosts', line('GET /where HTTP/1.1', 'Host: a\r\nhost: b\r\n'), 400, /more than one/),
  closed('no Host', line('GET /where HTTP/1.1', ''), 400),
  answered('an empty Host', line('GET /where HTTP/1.1', 'Host:\r\n'), 200),
  answered('an expectation that nobody knows', get('/echo/a', 'Expect: 200-ok\r\n'), 417),
]

const OUT: readonly Case[] = [
  {
    ...answered(
      'CRLF in a header built from input',
      get('/header?value=a%0d%0aX-Evil:1%0d%0a%0d%0ab'),
      200,
    ),
    check: ({ headers }) => assert.equal(headers['x-name'], 'a  X-Evil:1    b'),
  },
  answered('other text in a header', get('/header?value=%00%e2%82%ac%ff%7f'), 200),
  {
    ...answered('CRLF in a redirect', get('/go?value=/a%0d%0aX-Evil:%201'), 302),
    check: ({ headers }) => assert.equal(headers['location'], '/a%0D%0AX-Evil:%201'),
  },
]

export const HEAD_CASES: readonly Case[] = [...TARGETS, ...LINES, ...HEADERS, ...OUT]
