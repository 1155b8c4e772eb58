import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test } from 'node:test'
import type { NewFamily, TokenStore } from 'dewar/auth'

const DAY_MS = 86_400_000
const GRACE_MS = 10_000

/** Runs `work` with a store that is empty, in a scope of an app. */
export type WithStore = (work: (store: TokenStore) => Promise<void>) => Promise<void>

/** What every {@link TokenStore} must do. */
export function tokenStoreSuite(name: string, withStore: WithStore): void {
  const now = new Date()
  const later = (ms: number) => new Date(now.getTime() + ms)
  const family = (changes: Partial<NewFamily> = {}): NewFamily => ({
    id: randomUUID(),
    subject: '7',
    jti: randomUUID(),
    device: 'Firefox',
    address: '127.0.0.1',
    now,
    expiresAt: later(DAY_MS),
    ...changes,
  })
  const rotate = (store: TokenStore, id: string, from: string, to: string, at = now) =>
    store.rotate({ family: id, from, to, now: at, expiresAt: later(DAY_MS), graceMs: GRACE_MS })

  suite(`token store: ${name}`, () => {
    test('knows the families that have begun, and no others', () =>
      withStore(async (store) => {
        const begun = family()
        await store.begin(begun)
        assert.equal(await store.isRevoked({ jti: begun.jti, family: begun.id }), false)
        assert.equal(await store.isRevoked({ jti: begun.jti, family: randomUUID() }), true)
        assert.equal(await store.isRevoked({ jti: randomUUID(), family: undefined }), false)
        assert.equal(await store.isRevoked({ jti: undefined, family: undefined }), false)
      }))

    test('a token is replaced once; the same again within the grace gives the same', () =>
      withStore(async (store) => {
        const { id, jti } = family()
        await store.begin(family({ id, jti }))
        assert.deepEqual(await rotate(store, id, jti, 'second'), { kind: 'rotated', jti: 'second' })
        const again = await rotate(store, id, jti, 'other', later(GRACE_MS - 1))
        assert.deepEqual(again, { kind: 'repeated', jti: 'second' })
        const third = await rotate(store, id, 'second', 'third')
        assert.deepEqual(third, { kind: 'rotated', jti: 'third' })
      }))

    test('a token that comes again later, or was never given, is reused', () =>
      withStore(async (store) => {
        const { id, jti } = family()
        await store.begin(family({ id, jti }))
        await rotate(store, id, jti, 'second')
        const late = await rotate(store, id, jti, 'other', later(GRACE_MS))
        assert.deepEqual(late, { kind: 'reused' })
        assert.deepEqual(await rotate(store, id, 'unknown', 'other'), { kind: 'reused' })
        assert.deepEqual(await rotate(store, randomUUID(), jti, 'x'), { kind: 'ended' })
      }))

    test('of many who replace one token at once, all get the same', () =>
      withStore(async (store) => {
        const { id, jti } = family()
        await store.begin(family({ id, jti }))
        const wanted = Array.from({ length: 8 }, () => randomUUID())
        const outcomes = await Promise.all(wanted.map((to) => rotate(store, id, jti, to)))
        assert.equal(outcomes.filter(({ kind }) => kind === 'rotated').length, 1)
        assert.equal(new Set(outcomes.map((each) => 'jti' in each && each.jti)).size, 1)
      }))

    test('a family ends for its own subject only, and the revision changes', () =>
      withStore(async (store) => {
        const begun = family()
        await store.begin(begun)
        const before = await store.revision()
        assert.equal(await store.end('8', begun.id), false)
        assert.equal(await store.revision(), before)
        assert.equal(await store.end('7', begun.id), true)
        assert.notEqual(await store.revision(), before)
        assert.equal(await store.isRevoked({ jti: begun.jti, family: begun.id }), true)
        assert.deepEqual(await rotate(store, begun.id, begun.jti, 'x'), { kind: 'ended' })
        assert.equal(await store.end('7', begun.id), false)
      }))

    test('all families of a subject end, but for the one that is excepted', () =>
      withStore(async (store) => {
        const [one, two, three] = [family(), family(), family()]
        const other = family({ subject: '8' })
        for (const each of [one, two, three, other]) await store.begin(each)
        assert.equal(await store.endAll('7', two.id), 2)
        const left = [one, two, three, other].map(async ({ id }) =>
          store.isRevoked({ jti: undefined, family: id }),
        )
        assert.deepEqual(await Promise.all(left), [true, false, true, false])
        assert.equal(await store.endAll('7'), 1)
        assert.equal(await store.endAll('7'), 0)
      }))

    test('a token is revoked by its name, twice without harm', () =>
      withStore(async (store) => {
        const jti = randomUUID()
        const before = await store.revision()
        await store.revoke(jti, later(DAY_MS))
        const after = await store.revision()
        assert.notEqual(after, before)
        await store.revoke(jti, later(DAY_MS))
        assert.equal(await store.isRevoked({ jti, family: undefined }), true)
      }))

    test('lists what is alive, last used first', () =>
      withStore(async (store) => {
        const [old, used] = [family(), family({ device: 'curl' })]
        const gone = family({ expiresAt: later(-1) })
        for (const each of [old, used, gone, family({ subject: '8' })]) await store.begin(each)
        await rotate(store, used.id, used.jti, 'next', later(1000))
        const listed = await store.list('7', now)
        assert.deepEqual(
          listed.map(({ id, device }) => ({ id, device })),
          [
            { id: used.id, device: 'curl' },
            { id: old.id, device: 'Firefox' },
          ],
        )
        assert.deepEqual(listed[0]?.usedAt, later(1000))
        assert.deepEqual(listed[0]?.createdAt, now)
      }))

    test('forgets what has expired', () =>
      withStore(async (store) => {
        const [alive, gone] = [family(), family({ expiresAt: later(-1) })]
        for (const each of [alive, gone]) await store.begin(each)
        await store.revoke('gone', later(-1))
        await store.revoke('alive', later(DAY_MS))
        await store.removeExpired(now)
        const asked = [
          { jti: 'gone', family: undefined },
          { jti: 'alive', family: undefined },
          { jti: undefined, family: gone.id },
          { jti: undefined, family: alive.id },
        ]
        const found = await Promise.all(asked.map(async (names) => store.isRevoked(names)))
        assert.deepEqual(found, [false, true, true, false])
      }))
  })
}
