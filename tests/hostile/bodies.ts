/** What stands in bodies, and files that are asked for. */
import assert from 'node:assert/strict'
import { answered, type Case, closed, get, post } from './cases.ts'

const MULTIPART = 'multipart/form-data; boundary=B'
const json = (body: string, headers = ''): string =>
  post('/json', 'application/json', body, headers)
const anyJSON = (body: string): string => post('/any', 'application/json', body)
const form = (body: string): string => post('/form', 'application/x-www-form-urlencoded', body)
const multipart = (body: string, type = MULTIPART): string => post('/upload', type, body)
const part = (name: string, more = '', content = 'x'): string =>
  `--B\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`
const upload = (filename: string): string =>
  multipart(`${part('photo', `; filename="${filename}"`)}--B--\r\n`)

const JSONS: readonly Case[] = [
  answered('not UTF-8', json('{"title":"\xff"}'), 400, /UTF-8/),
  answered('overlong UTF-8', json('{"title":"\xc0\xaf"}'), 400, /UTF-8/),
  answered('10,000 deep', json('['.repeat(10_000) + ']'.repeat(10_000)), 400, /deep/),
  answered(
    '10,000 objects deep',
    anyJSON(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
    400,
    /deep/,
  ),
  answered('1,000,000 deep, without an end', anyJSON('['.repeat(1_000_000)), 400, /deep/),
  answered(
    '150 deep where text belongs',
    json(`{"title":${'['.repeat(150)}${']'.repeat(150)}}`),
    422,
  ),
  answered(
    'prototypes',
    json('{"title":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    422,
  ),
  answered('prototypes without a schema', anyJSON('{"__proto__":{"polluted":1}}'), 200),
  answered('a repeated member', json('{"title":"a","title":"b"}'), 200, /"b"/),
  answered('a number of 1 MB', anyJSON('9'.repeat(1_000_000)), 200),
  answered('one in a field', json(`{"title":"a","price":${'9'.repeat(1_000_000)}}`), 422),
  answered('1e999', json('{"title":"a","price":1e999}'), 422),
  answered('an exponent of 1 MB', json(`{"title":"a","price":1e${'9'.repeat(1_000_000)}}`), 422),
  answered('half a surrogate pair', json('{"title":"\\ud800"}'), 200, /\\ud800/),
  answered('NUL', json('{"title":"\\u0000"}'), 200),
  answered('a raw NUL', json('{"title":"\0"}'), 400),
  closed('more than the limit', json(`{"title":"${'a'.repeat(1_100_000)}"}`), 413),
  answered('a compressed bomb', json('\x1f\x8b\x08\0\0\0\0\0', 'Content-Encoding: gzip\r\n'), 415),
  answered('two content types', json('{"title":"a"}', 'Content-Type: text/plain\r\n'), 200),
  answered(
    'a charset that is not UTF-8',
    post('/json', 'application/json; charset=utf-7', '{}'),
    415,
  ),
  answered('a content type that is none', post('/json', '\xff/;;;=', '{}'), 415),
]

const FORMS: readonly Case[] = [
  answered('bytes that are not UTF-8', form('value=%ff\xff'), 200, /\xef\xbf\xbd\xef\xbf\xbd/),
  answered('prototypes', form('__proto__=1&constructor=1&__proto__[polluted]=1&value=1'), 422),
  answered('100,000 fields', form('a=1&'.repeat(100_000)), 413, /1000 fields/),
  answered(
    'prototypes in multipart',
    multipart(
      `${part('__proto__')}${part('constructor')}${part('__proto__', '; filename="f"')}--B--\r\n`,
    ),
    422,
  ),
  answered(
    'a part without a name',
    multipart('--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n'),
    400,
  ),
  answered('a part without headers', multipart('--B\r\n\r\nx\r\n--B--\r\n'), 400),
  answered('no end', multipart(part('photo', '; filename="a"')), 400),
  answered('nothing', multipart(''), 400),
  answered('no boundary in it', multipart('x'.repeat(60_000)), 400),
  answered('no boundary named', multipart(part('a'), 'multipart/form-data'), 400),
  answered(
    'a long boundary',
    multipart(part('a'), `multipart/form-data; boundary=${'a'.repeat(5000)}`),
    400,
  ),
  answered(
    'multipart in multipart',
    multipart(
      '--B\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n' +
        '--C\r\n\r\nx\r\n--C--\r\n--B--\r\n',
    ),
    422,
  ),
  closed('100,000 parts', multipart(`${part('a').repeat(100_000)}--B--\r\n`), 413),
  closed(
    '100,000 parts without a name',
    multipart(`${'--B\r\n\r\n\r\n'.repeat(100_000)}--B--\r\n`),
    400,
  ),
  closed('5,000,000 bare boundaries', multipart(`${'--B\r\n'.repeat(5_000_000)}--B--\r\n`), 400),
  closed('a part header of 1 MB', multipart(`${part('a'.repeat(1_000_000))}--B--\r\n`), 400),
  closed(
    '100,000 headers of a part',
    multipart(`--B\r\n${'X: y\r\n'.repeat(100_000)}\r\nx\r\n--B--\r\n`),
    400,
  ),
]

const UPLOADS: readonly Case[] = [
  answered('a path in a name', upload('../../etc/passwd'), 200, /"filename":"passwd"/),
  answered('a Windows path', upload(String.raw`C:\..\boot.ini`), 200, /"filename":"boot.ini"/),
  answered('dots', upload('..'), 200, /"filename":""/),
  answered('NUL in a name', upload('a\0b'), 200, /"filename":"ab"/),
  answered(
    'text that runs backwards',
    upload('a\xe2\x80\xaegpj.exe'),
    200,
    /"filename":"agpj.exe"/,
  ),
  answered('a name of 10,000 letters', upload('a'.repeat(10_000)), 200, /"filename":"a{255}"/),
]

const ANNOUNCED: readonly Case[] = ['/json', '/upload', '/ignored', '/nope'].map((path) => ({
  name: `2 GB announced for ${path}`,
  bytes:
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2147483648\r\n` +
    `Content-Type: ${path === '/json' ? 'application/json' : MULTIPART}\r\n\r\n`,
  statuses: [{ '/ignored': 200, '/nope': 404 }[path] ?? 413],
  isKept: false,
  isHalf: true,
}))

const outside = [
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e/%2e%2e/etc/passwd',
  '..%5c..%5cetc',
  '%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd',
  '%ef%bc%8e%ef%bc%8e/hello.txt',
  '....//hello.txt',
  '.',
  'hello.txt%00.png',
  'hello.txt/',
  'a'.repeat(5000),
  'a/'.repeat(3000),
  '%ff',
]
const FILES: readonly Case[] = [
  ...outside.map((path) => answered(`the file ${path.slice(0, 40)}`, get(`/files/${path}`), 404)),
  ...['/etc/passwd', '%2fetc%2fpasswd'].map((path): Case => ({
    ...answered(`the file ${path}`, get(`/files/${path}`), 308),
    check: ({ headers }) => assert.equal(headers['location'], '/files/etc/passwd'),
  })),
  ...['abc', 'bytes=abc', 'bytes=5-2', `bytes=${'0-0,'.repeat(3000)}`, 'bytes=--1', 'bytes=1'].map(
    (range) =>
      answered(
        `Range: ${range.slice(0, 30)}`,
        get('/files/hello.txt', `Range: ${range}\r\n`),
        200,
        /^hello, world$/,
      ),
  ),
  answered('a range after the end', get('/files/hello.txt', 'Range: bytes=100-\r\n'), 416),
  answered('a range of nothing', get('/files/hello.txt', 'Range: bytes=-0\r\n'), 416),
  answered('a huge range', get('/files/hello.txt', `Range: bytes=0-${'9'.repeat(30)}\r\n`), 206),
  answered('a date that is none', get('/files/hello.txt', 'If-Modified-Since: x\r\n'), 200),
]

export const BODY_CASES: readonly Case[] = [...JSONS, ...FORMS, ...UPLOADS, ...ANNOUNCED, ...FILES]
