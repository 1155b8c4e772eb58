import assert from 'node:assert/strict'
import { argon2Sync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import fc from 'fast-check'
import { PasswordHasher } from '../../../src/token/passwords/hasher.ts'

const cheap = { memoryKiB: 64, passes: 1, parallelism: 1 }
const MATCH = { isMatch: true, needsRehash: false, isReadable: true }
const NO_MATCH = { isMatch: false, needsRehash: false, isReadable: true }
const UNREADABLE = { isMatch: false, needsRehash: false, isReadable: false }

test('a password is hashed with argon2id, with a salt of its own', async () => {
  const hasher = new PasswordHasher()
  const hash = await hasher.hash('correct horse')
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  assert.notEqual(await hasher.hash('correct horse'), hash)
  assert.deepEqual(await hasher.verify('correct horse', hash), MATCH)
  assert.deepEqual(await hasher.verify('Correct horse', hash), NO_MATCH)
  assert.deepEqual(await hasher.verify('', hash), NO_MATCH)
  assert.deepEqual(await hasher.verifyNobody('correct horse'), NO_MATCH)
})

test("node's argon2id is that of RFC 9106, section 5.3", () => {
  const tag = argon2Sync('argon2id', {
    message: Buffer.alloc(32, 1),
    nonce: Buffer.alloc(16, 2),
    secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4),
    memory: 32,
    passes: 3,
    parallelism: 4,
    tagLength: 32,
  })
  const expected = '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659'
  assert.equal(tag.toString('hex'), expected)
})

test('PHC strings of the reference implementation are read', async () => {
  // phc-winner-argon2, src/test.c: "password", salt "somesalt"
  const hashes = [
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc',
  ]
  const hasher = new PasswordHasher()
  for (const hash of hashes) {
    assert.deepEqual(await hasher.verify('password', hash), { ...MATCH, needsRehash: true })
    assert.deepEqual(await hasher.verify('passwore', hash), NO_MATCH)
  }
})

test("Werkzeug's hashes are accepted, and due for a new one", async () => {
  const hasher = new PasswordHasher(cheap)
  // werkzeug.security.generate_password_hash('password'), Werkzeug 3.1.8, and the same with method='pbkdf2'
  const made = [
    'scrypt:32768:8:1$Gphj5CEsBY0RQZRD$5a54eba7448073a3ef4d67c8d372875033a49a3d2ae891fbc8732720db08e4db12362695d5df7335e35139586a0b76c0014060089116a8f085661fdb20e82b4c',
    'pbkdf2:sha256:1000000$2UXsr6EyN92huXsT$54ec94525b89da778174996b3a9fc7e90ad087ba34ed5db81b07b0f4e90d689e',
  ]
  // hashlib.scrypt(b, salt=b'tRy8qVn2ZpL0aXcE', n=32768, r=8, p=1, maxmem=132*32768*8).hex() and
  // hashlib.pbkdf2_hmac(alg, b, b'AbCd1234', iterations).hex(), b = 'correct horse é'.encode(), Python 3
  const others = [
    'scrypt:32768:8:1$tRy8qVn2ZpL0aXcE$b5238fb4f0913efd1c11da7888420074901ccfad45dacb30b5e4a3f1b481a315040b2bb74af29f1589173533d5609c38310e29ed042b1bb5d0d8cef8fc6c790a',
    'pbkdf2:sha256:600000$AbCd1234$4718c39751b97ba0ced0ec64bbc09d4563332c227fb9a8f422119b191e890724',
    'pbkdf2:sha1:150000$AbCd1234$b5e30ccf9ee3ed1853e26f2cce12e675a8cea22a',
    'pbkdf2:sha512:1000$AbCd1234$a19cf6e9a194bcf38bd1a68280f33c4b956cd5977cad9bb194e1420d24df053a04746af6024c56c1b2a26a0f9768e7717de3812362ebf591530f6ffbed9b31e8',
  ]
  for (const [password, hashes] of [
    ['password', made],
    ['correct horse é', others],
  ] as const) {
    for (const hash of hashes) {
      assert.deepEqual(await hasher.verify(password, hash), { ...MATCH, needsRehash: true }, hash)
      assert.deepEqual(await hasher.verify(`${password}x`, hash), NO_MATCH, hash)
    }
  }
})

test('a hash is due for a new one when its parameters are not the current ones', async () => {
  const hash = await new PasswordHasher(cheap).hash('correct horse')
  for (const other of [{ memoryKiB: 128 }, { passes: 2 }, { parallelism: 2 }]) {
    const hasher = new PasswordHasher({ ...cheap, ...other })
    assert.deepEqual(await hasher.verify('correct horse', hash), { ...MATCH, needsRehash: true })
    assert.equal((await hasher.verify('wrong', hash)).needsRehash, false)
  }
})

test('a stored hash cannot ask for gigabytes or hours', async () => {
  const [salt, digest] = ['c29tZXNhbHQ', 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc']
  const argon2 = ['m=4194304,t=1,p=1', 'm=262145,t=1,p=1', 'm=262144,t=5,p=1', 'm=19456,t=999,p=1']
  const broken = [
    'm=19456,t=0,p=1',
    'm=7,t=1,p=1',
    'm=19456,t=1,p=0',
    'm=19456,t=1,p=17',
    'm=1,t=1',
  ]
  const hex = 'a'.repeat(128)
  const hostile = [
    ...[...argon2, ...broken].map((cost) => `$argon2id$v=19$${cost}$${salt}$${digest}`),
    `$argon2id$v=16$m=256,t=2,p=1$${salt}$${digest}`,
    `$argon2i$v=19$m=256,t=2,p=1$${salt}$${digest}`,
    `$argon2id$v=19$m=256,t=2,p=1$c29t$${digest}`,
    `$argon2id$v=19$m=256,t=2,p=1$${salt}$CTFh`,
    `$argon2id$v=19$m=256,t=2,p=1$${salt}$${digest.repeat(100)}`,
    `scrypt:1073741824:8:1$salt$${hex}`,
    `scrypt:32768:999:1$salt$${hex}`,
    `scrypt:32768:8:99$salt$${hex}`,
    `scrypt:262144:8:8$salt$${hex}`,
    `scrypt:32767:8:1$salt$${hex}`,
    `scrypt:0:8:1$salt$${hex}`,
    `scrypt:32768:0:1$salt$${hex}`,
    `scrypt:32768:8:1$salt$${hex}00`,
    `scrypt$salt$${hex}`,
    `pbkdf2:sha256:99999999$salt$${hex.slice(64)}`,
    `pbkdf2:sha256:0$salt$${hex.slice(64)}`,
    `pbkdf2:sha256:1000$salt$${hex}`,
    `pbkdf2:md5:1000$salt$${hex.slice(96)}`,
    `pbkdf2:sha256:1000$$${hex.slice(64)}`,
    '',
    '!',
    'password',
    '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW',
    '$'.repeat(100_000),
  ]
  const hasher = new PasswordHasher(cheap)
  for (const hash of hostile) {
    assert.deepEqual(await hasher.verify('password', hash), UNREADABLE, hash.slice(0, 80))
  }
})

test('parameters out of bounds are a mistake that is found at start-up', () => {
  for (const cost of [
    { memoryKiB: 1e9 },
    { memoryKiB: 1 },
    { passes: 0 },
    { passes: 0.5 },
    { parallelism: 99 },
  ]) {
    assert.throws(() => new PasswordHasher(cost), RangeError)
  }
})

test('an unreadable hash takes as long as one that is read', async () => {
  const hasher = new PasswordHasher({ memoryKiB: 19_456, passes: 2 })
  const hash = await hasher.hash('correct horse')
  const times = { wrong: [] as number[], nobody: [] as number[], unreadable: [] as number[] }
  for (let i = 0; i < 7; i++) {
    times.wrong.push(await timed(() => hasher.verify('wrong', hash)))
    times.nobody.push(await timed(() => hasher.verifyNobody('wrong')))
    times.unreadable.push(await timed(() => hasher.verify('wrong', '!')))
  }
  const [wrong, nobody, unreadable] = Object.values(times).map(
    (each) => each.toSorted((a, b) => a - b)[3]!,
  )
  // Generous: the machine is shared. Not hashing at all would be a thousand times quicker.
  assert.ok(nobody! > wrong! / 3 && unreadable! > wrong! / 3, JSON.stringify(times))
})

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

test('a password has a limit, and is text', async () => {
  const hasher = new PasswordHasher(cheap)
  const long = 'é'.repeat(512)
  const hash = await hasher.hash(long)
  assert.deepEqual(await hasher.verify(long, hash), MATCH)
  await assert.rejects(hasher.hash(`${long}x`), {
    name: 'PasswordError',
    code: 'password_too_long',
  })
  assert.deepEqual(await hasher.verify(`${long}x`, hash), NO_MATCH)
  await assert.rejects(hasher.hash('half \ud800'), { code: 'password_malformed' })
  // Written as UTF-8, the half character would become this one.
  const replaced = await hasher.hash('half \ufffd')
  assert.deepEqual(await hasher.verify('half \ud800', replaced), NO_MATCH)
})

test('what looks the same is the same password', async () => {
  const hasher = new PasswordHasher(cheap)
  const hash = await hasher.hash('Zo\u00eb ﬁsh ①')
  for (const same of ['Zoe\u0308 ﬁsh ①', 'Zo\u00eb fish 1']) {
    assert.deepEqual(await hasher.verify(same, hash), MATCH)
  }
  assert.deepEqual(await hasher.verify('Zoe fish 1', hash), NO_MATCH)
})

test("Werkzeug's hashes are of the password as it is typed", async () => {
  // hashlib.pbkdf2_hmac('sha512', 'Zoe\\u0308 ①'.encode(), b'AbCd1234', 1000).hex(), Python 3
  const hash =
    'pbkdf2:sha512:1000$AbCd1234$92f29cfa38676fd5e7c86c45a505fb51ead1cadcc7b8c2da2a95c2b853feffe35e5f05fd5a4c88c1d76cbd81a2afeb679c5ea948b9621d6fc9910a46c2eaf334'
  const hasher = new PasswordHasher(cheap)
  assert.equal((await hasher.verify('Zoe\u0308 ①', hash)).isMatch, true)
  assert.equal((await hasher.verify('Zo\u00eb ①', hash)).isMatch, false)
})

test('any password verifies with its hash, and another does not', async () => {
  const hasher = new PasswordHasher({ memoryKiB: 8, passes: 1 })
  const password = fc.string({ unit: 'grapheme', maxLength: 100 })
  const property = fc.asyncProperty(password, password, async (one, other) => {
    const hash = await hasher.hash(one)
    const isSame = one.normalize('NFKC') === other.normalize('NFKC')
    assert.deepEqual(await hasher.verify(one, hash), MATCH)
    assert.equal((await hasher.verify(other, hash)).isMatch, isSame)
  })
  await fc.assert(property, { numRuns: 100 })
})

test('200 logins at once leave the event loop and files free', async () => {
  const hasher = new PasswordHasher({ memoryKiB: 4_096 })
  const hash = await hasher.hash('correct horse')
  const logins = Promise.all(
    Array.from({ length: 200 }, (_, i) => hasher.verify(i % 2 ? 'correct horse' : 'wrong', hash)),
  )
  assert.ok(hasher.load.inFlight <= 3 && hasher.load.queued >= 197, JSON.stringify(hasher.load))
  const delays: number[] = []
  while (hasher.load.inFlight > 0) {
    delays.push(await timed(() => new Promise((resolve) => setTimeout(resolve, 5))))
    delays.push(await timed(() => readFile(import.meta.filename)))
  }
  const checks = await logins
  assert.equal(checks.filter((check) => check.isMatch).length, 100)
  const sorted = delays.toSorted((a, b) => a - b)
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0
  assert.ok(sorted.length > 20 && p99 < 250, `p99 ${p99} ms of ${sorted.length}`)
  assert.deepEqual(hasher.load, { inFlight: 0, queued: 0 })
})

test('when too many wait, more are refused at once', async () => {
  const hasher = new PasswordHasher({ ...cheap, maxInFlight: 1, maxQueued: 2 })
  const hash = await hasher.hash('correct horse')
  const answers = await Promise.allSettled([
    hasher.verify('correct horse', hash),
    hasher.hash('another'),
    hasher.verifyNobody('wrong'),
    hasher.verify('correct horse', hash),
    hasher.verifyNobody('wrong'),
  ])
  assert.deepEqual(
    answers.map((answer) => answer.status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
  )
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
  assert.deepEqual(new Set(refused.map((error) => error.code)), new Set(['password_hashing_busy']))
  assert.deepEqual(await hasher.verify('correct horse', hash), MATCH)
})
