import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { randomBase62, toBase62 } from '../../src/lib/ids.ts'
import { generateAPIKey, isAPIKey, parseAPIKey } from '../../src/token/api_key.ts'
import { equalInConstantTime } from '../../src/token/constant_time.ts'

test('a key is shown once, and known by its hash afterwards', () => {
  const made = generateAPIKey('shop')
  assert.match(made.key, /^shop_[\dA-Za-z]{12}_[\dA-Za-z]{38}$/)
  assert.deepEqual(parseAPIKey(made.key), { prefix: 'shop', id: made.id })
  assert.match(made.hash, /^[\da-f]{64}$/)
  assert.equal(isAPIKey(made.key, made.hash), true)
  assert.equal(isAPIKey(generateAPIKey('shop').key, made.hash), false)
  assert.equal(isAPIKey(made.hash, made.hash), false)
  assert.equal(isAPIKey('', ''), false)
})

test('a scanner can check a key by itself', () => {
  const { key } = generateAPIKey('shop')
  assert.equal(key.slice(-6), toBase62(crc32(key.slice(0, -6)), 6))
  assert.equal(toBase62(2 ** 32 - 1, 6), '4gfFC3')
  assert.equal(toBase62(0, 6), '000000')
})

test('a mistyped key is found without a query', () => {
  const { key } = generateAPIKey('shop')
  const change = fc.tuple(fc.nat(key.length), fc.nat(2), fc.string({ maxLength: 2 }))
  const property = fc.property(change, ([from, drop, add]) => {
    const changed = key.slice(0, from) + add + key.slice(from + drop)
    fc.pre(changed !== key)
    assert.equal(parseAPIKey(changed), undefined)
  })
  fc.assert(property, { numRuns: 1_000 })
  for (const odd of ['', 'shop', `${key}\n`, ` ${key}`, key.toLowerCase(), 'x'.repeat(1_000_000)]) {
    assert.equal(parseAPIKey(odd), undefined)
  }
})

test('the prefix of keys is short and plain', () => {
  for (const prefix of ['', 'Shop', 'my_shop', '1shop', 'x'.repeat(17), 'shöp']) {
    assert.throws(() => generateAPIKey(prefix), TypeError)
  }
})

test('texts of any length are compared', () => {
  const property = fc.property(fc.string(), fc.string(), (a, b) => {
    assert.equal(equalInConstantTime(a, b), a === b)
    assert.equal(equalInConstantTime(a, a), true)
  })
  fc.assert(property)
  assert.equal(equalInConstantTime('a', Buffer.from('a')), true)
  assert.equal(equalInConstantTime('a', 'a\0'), false)
})

test('random letters and digits are all used alike', () => {
  const counts = new Map<string, number>()
  for (const character of randomBase62(62_000)) {
    counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  assert.equal(counts.size, 62)
  // 1,000 each; six standard deviations are 190.
  for (const [character, count] of counts)
    assert.ok(Math.abs(count - 1_000) < 190, `${character} ${count}`)
  assert.equal(randomBase62(0), '')
})
