import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFresh } from '../../../src/token/jwt/claims.ts'
import { TokenIssuer } from '../../../src/token/jwt/issuer.ts'
import { privateKey, publicKey, secretKey } from '../../../src/token/jwt/key.ts'
import { KeyRing } from '../../../src/token/jwt/key_ring.ts'
import type { KeySource } from '../../../src/token/jwt/key_source.ts'
import { assertRefused, CLAIMS, clock, ed25519, mint, NOW_S, SECRET, verifier } from './fixtures.ts'

test('a token says what its issuer signed', async () => {
  assert.deepEqual(await verifier().verify(mint(CLAIMS), 'access'), CLAIMS)
})

test('the example of RFC 7515, A.1, verifies', async () => {
  const k = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow'
  const token =
    'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog' +
    'Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
  const keys = new KeyRing([secretKey(Buffer.from(k, 'base64url'))])
  const refusal = await assertRefused('token_missing_claim', token, { keys })
  assert.equal(refusal.claim, 'sub')
  await assertRefused('token_bad_signature', token.replace(/Xk$/, 'Xg'), { keys })
})

test('the example of RFC 8037, A.4, verifies, and its payload is no set of claims', async () => {
  const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
  const token =
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCj' +
    'P0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'
  const keys = new KeyRing([publicKey({ kty: 'OKP', crv: 'Ed25519', x })])
  await assertRefused('token_malformed', token, { keys })
  await assertRefused('token_bad_signature', token.replace('KAg', 'KAw'), { keys })
})

test('claims are frozen all the way down, as requests share them', async () => {
  const claims = await verifier().verify(mint({ ...CLAIMS, teams: [{ id: 1 }] }))
  assert.ok(Object.isFrozen(claims))
  assert.throws(() => (claims['teams'] as { id: number }[]).push({ id: 2 }), TypeError)
  assert.throws(() => ((claims['teams'] as { id: number }[])[0]!.id = 2), TypeError)
})

test('a token has its time, to the millisecond', async () => {
  const at = (ms: number, leewayMs = 0) => ({ clock: () => ms, leewayMs })
  const token = mint(CLAIMS)
  const [start, end] = [NOW_S * 1000, (NOW_S + 600) * 1000]
  await verifier(at(start)).verify(token)
  await verifier(at(end - 1)).verify(token)
  const expired = await assertRefused('token_expired', token, at(end))
  assert.equal(expired.claims?.sub, '42')
  await assertRefused('token_not_yet_valid', token, at(start - 1))
  await verifier(at(end + 4_999, 5_000)).verify(token)
  await assertRefused('token_expired', token, at(end + 5_000, 5_000))
  await verifier(at(start - 5_000, 5_000)).verify(token)
  await assertRefused('token_not_yet_valid', token, at(start - 5_001, 5_000))
  await assertRefused('token_not_yet_valid', mint({ ...CLAIMS, nbf: 0, iat: NOW_S + 1 }), at(start))
})

test('a missing claim is named', async () => {
  for (const name of ['sub', 'exp', 'iat', 'jti', 'type']) {
    const refusal = await assertRefused(
      'token_missing_claim',
      mint({ ...CLAIMS, [name]: undefined }),
    )
    assert.deepEqual([refusal.claim, refusal.message], [name, `Missing claim: ${name}`])
  }
  const { sub, exp } = CLAIMS
  const minimal = await verifier({ requiredClaims: [] }).verify(mint({ sub, exp }))
  assert.deepEqual(minimal, { sub, exp })
  await assertRefused('token_missing_claim', mint({ sub }), { requiredClaims: [] })
})

test('a claim of another type is refused', async () => {
  const odd: Record<string, unknown[]> = {
    sub: [42, '', null, {}, ['42']],
    exp: ['soon', `${CLAIMS.exp}`, CLAIMS.exp + 0.5, 1e300, 253_402_300_800, -1, null, true],
    nbf: ['0', 0.5, -1, null, 1e15],
    iat: ['0', 0.5, -1, null, 1e15],
    jti: [1, '', null, {}],
    type: [1, '', null, ['access']],
    fresh: ['true', -1, 0.5, null],
    iss: [1, '', ['a']],
    aud: [1, '', [1], [''], null],
  }
  for (const [claim, values] of Object.entries(odd)) {
    for (const value of values) {
      const refusal = await assertRefused(
        'token_invalid_claim',
        mint({ ...CLAIMS, [claim]: value }),
      )
      assert.equal(refusal.claim, claim)
    }
  }
  // JSON.stringify cannot write it: a number beyond what a double holds.
  const infinite = JSON.stringify(CLAIMS).replace(`"exp":${CLAIMS.exp}`, '"exp":1e999')
  await assertRefused('token_invalid_claim', mint(infinite))
})

test('a token is for one use', async () => {
  const refresh = mint({ ...CLAIMS, type: 'refresh' })
  const known = verifier()
  for (let i = 0; i < 2; i++) {
    assert.equal((await known.verify(refresh, 'refresh')).type, 'refresh')
    const refusal = await assertRefused('token_wrong_type', refresh, { type: 'access' })
    assert.equal(refusal.claims?.type, 'refresh')
    assert.throws(() => known.verify(refresh, 'access'), { code: 'token_wrong_type' })
  }
})

test('issuer and audience are asked where they are configured', async () => {
  const token = mint({ ...CLAIMS, iss: 'https://a.test', aud: ['web', 'cli'] })
  await verifier().verify(token)
  await verifier({ issuer: 'https://a.test', audience: ['mail', 'cli'] }).verify(token)
  await verifier({ audience: 'web' }).verify(mint({ ...CLAIMS, aud: 'web' }))
  await assertRefused('token_wrong_issuer', token, { issuer: 'https://a.test/' })
  await assertRefused('token_wrong_audience', token, { audience: 'we' })
  await assertRefused('token_missing_claim', mint(CLAIMS), { issuer: 'https://a.test' })
  await assertRefused('token_missing_claim', mint(CLAIMS), { audience: 'web' })
})

test('fresh is yes, no, or a time', () => {
  const fresh = (value?: boolean | number) =>
    isFresh(value === undefined ? CLAIMS : { ...CLAIMS, fresh: value }, clock())
  assert.deepEqual(
    [fresh(), fresh(true), fresh(NOW_S), fresh(NOW_S + 1)],
    [false, true, false, true],
  )
})

/** Counts how often signatures are checked. */
function counting(keys: KeySource) {
  const counted = {
    checks: 0,
    get version() {
      return keys.version
    },
    verify(token: Parameters<KeySource['verify']>[0]) {
      counted.checks++
      return keys.verify(token)
    },
  }
  return counted
}

test('a known token is not checked again, but its time is', () => {
  let now = clock()
  const keys = counting(new KeyRing([secretKey(SECRET)]))
  const known = verifier({ keys, clock: () => now })
  const token = mint(CLAIMS)
  const claims = known.verify(token)
  // The second string is another one in memory, as from another request.
  assert.equal(known.verify(Buffer.from(token).toString()), claims)
  assert.equal(keys.checks, 1)
  now = CLAIMS.exp * 1000
  assert.throws(() => known.verify(token), { code: 'token_expired' })
  now = CLAIMS.nbf * 1000 - 1
  assert.throws(() => known.verify(token), { code: 'token_not_yet_valid' })
})

test('a known token with another signature, header or payload is another token', async () => {
  const known = verifier()
  const token = mint(CLAIMS)
  await known.verify(token)
  const [header = '', payload = '', signature = ''] = token.split('.')
  for (let i = 0; i < token.length; i++) {
    if (token[i] === '.') continue
    const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1)
    await assert.rejects(async () => known.verify(changed), { name: 'TokenError' }, `at ${i}`)
  }
  // 43 characters hold 258 bits: other spellings of the same 256 are refused too.
  for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
    const spelled = `${header}.${payload}.${signature.slice(0, -1)}${last}`
    if (spelled !== token)
      assert.throws(() => known.verify(spelled), { code: 'token_bad_signature' })
  }
})

test('when keys change, known tokens are checked again', () => {
  const ring = new KeyRing([secretKey(SECRET)])
  const keys = counting(ring)
  const known = verifier({ keys })
  const token = mint(CLAIMS)
  void known.verify(token)
  ring.replace([secretKey('another secret of the tests, long enough'), secretKey(SECRET)])
  void known.verify(token)
  assert.equal(keys.checks, 2)
  ring.replace([secretKey('another secret of the tests, long enough')])
  assert.throws(() => known.verify(token), { code: 'token_bad_signature' })
})

test('keys that change while a token is verified do not leave it known', async () => {
  const ring = new KeyRing([privateKey(ed25519.privateKey)])
  const known = verifier({ keys: ring, clock: Date.now })
  const { token } = await new TokenIssuer({ keys: ring }).issue({
    sub: '1',
    type: 'access',
    lifetimeMs: 60_000,
  })
  const pending = known.verify(token)
  ring.replace([secretKey(SECRET)])
  await pending
  await assert.rejects(async () => known.verify(token), { code: 'token_unknown_key' })
})

test('no more tokens are remembered than allowed', () => {
  const keys = counting(new KeyRing([secretKey(SECRET)]))
  const known = verifier({ keys, maxRemembered: 10 })
  const tokens = Array.from({ length: 40 }, (_, i) => mint({ ...CLAIMS, jti: `${i}` }))
  for (const token of [...tokens, ...tokens]) void known.verify(token)
  assert.equal(keys.checks, 80)
  const none = verifier({ keys, maxRemembered: 0 })
  void none.verify(tokens[0]!)
  void none.verify(tokens[0]!)
  assert.equal(keys.checks, 82)
})
