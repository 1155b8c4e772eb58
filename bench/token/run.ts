/** Microseconds that a token costs: `--rounds 15 --tokens 2000`. Figures of docs/design/tokens.md. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { compactVerify } from 'jose'
import { TokenIssuer } from '../../src/token/jwt/issuer.ts'
import { KeyRing } from '../../src/token/jwt/key_ring.ts'
import { privateKey, secretKey, type TokenKey } from '../../src/token/jwt/key.ts'
import { TokenVerifier } from '../../src/token/jwt/verifier.ts'
import { median } from '../http/stats.ts'

type Verify = (token: string) => unknown

interface Row {
  readonly name: string
  readonly verify: Verify
  /** As bytes: each verification gets a string of its own, as from a request's header. */
  readonly tokens: readonly Buffer[]
  readonly cpuUs: number[]
}

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    tokens: { type: 'string', default: '2000' },
  },
})
const count = Number(options.tokens)

const secret = randomBytes(32)
const hs256 = secretKey(secret)
const joseKey = await crypto.subtle.importKey(
  'raw',
  secret,
  { name: 'HMAC', hash: 'SHA-256' },
  false,
  ['verify'],
)
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')

const rows: Row[] = [
  await row('HS256, known', hs256, ours(hs256, count * 2)),
  await row('HS256, new', hs256, ours(hs256, 0)),
  await row('HS256, new, signature by jose', hs256, async (token) => {
    const { payload } = await compactVerify(token, joseKey, { algorithms: ['HS256'] })
    return JSON.parse(Buffer.from(payload).toString())
  }),
  await asymmetric('RS256, new', privateKey(rsa.privateKey)),
  await asymmetric('ES256, new', privateKey(p256.privateKey)),
  await asymmetric('EdDSA, new', privateKey(ed25519.privateKey)),
]

for (let round = 0; round < Number(options.rounds); round++) {
  for (const i of rows.keys()) await sample(rows[(i + round) % rows.length]!)
}
report()

function asymmetric(name: string, key: TokenKey): Promise<Row> {
  return row(name, key, ours(key, 0))
}

function ours(key: TokenKey, maxRemembered: number): Verify {
  const verifier = new TokenVerifier({ keys: new KeyRing([key]), maxRemembered })
  return (token) => verifier.verify(token, 'access')
}

async function row(name: string, key: TokenKey, verify: Verify): Promise<Row> {
  const issuer = new TokenIssuer({ keys: new KeyRing([key]) })
  const content = { sub: '42', type: 'access', lifetimeMs: 3_600_000, claims: { role: 'user' } }
  const tokens: Buffer[] = []
  while (tokens.length < count) tokens.push(Buffer.from((await issuer.issue(content)).token))
  const made: Row = { name, verify, tokens, cpuUs: [] }
  await sample(made)
  made.cpuUs.length = 0
  return made
}

async function sample({ verify, tokens, cpuUs }: Row): Promise<void> {
  const before = process.cpuUsage()
  for (const token of tokens) await verify(token.latin1Slice())
  const { user, system } = process.cpuUsage(before)
  cpuUs.push((user + system) / tokens.length)
}

function report(): void {
  const page = [
    '# Tokens: CPU time of a verification',
    `- ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}`,
    `- Median of ${options.rounds} rounds of ${count} tokens, all threads counted`,
    '',
    '| token | µs |',
    '|---|---:|',
    ...rows.map(({ name, cpuUs }) => `| ${name} | ${median(cpuUs).toFixed(1)} |`),
  ].join('\n')
  const results = new URL('../results/', import.meta.url)
  mkdirSync(results, { recursive: true })
  writeFileSync(new URL('tokens.md', results), `${page}\n`)
  console.log(page)
}
