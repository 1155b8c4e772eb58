import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { KeyStore, StoredAPIKey } from 'dewar/auth'

/** Runs `work` with a store that is empty, in a scope of an app. */
type WithStore = (work: (store: KeyStore) => Promise<void>) => Promise<void>

/** What every {@link KeyStore} must do. */
export function keyStoreSuite(name: string, withStore: WithStore): void {
  const now = new Date()
  const later = new Date(now.getTime() + 60_000)
  const key = (changes: Partial<StoredAPIKey> = {}): StoredAPIKey => ({
    id: 'abcdefghijkl',
    hash: 'f'.repeat(64),
    name: 'reports',
    subject: '7',
    scopes: ['orders:read', 'orders:write'],
    createdAt: now,
    expiresAt: later,
    usedAt: undefined,
    revokedAt: undefined,
    ...changes,
  })

  suite(`key store: ${name}`, () => {
    test('gives back what was added, and nothing else', () =>
      withStore(async (store) => {
        const bare = { subject: undefined, scopes: undefined, expiresAt: undefined }
        await store.add(key())
        await store.add(key({ id: 'bare', ...bare }))
        assert.deepEqual(await store.find('abcdefghijkl'), key())
        assert.deepEqual(await store.find('bare'), key({ id: 'bare', ...bare }))
        assert.equal(await store.find('ABCDEFGHIJKL'), undefined)
      }))

    test('lists without hashes, the last first, all or those of a subject', () =>
      withStore(async (store) => {
        await store.add(key())
        await store.add(key({ id: 'later', createdAt: later, subject: '8' }))
        const all = await store.list()
        assert.deepEqual(
          all.map(({ id }) => id),
          ['later', 'abcdefghijkl'],
        )
        assert.ok(all.every((each) => !('hash' in each)))
        assert.equal((await store.list('8')).length, 1)
        assert.equal((await store.list('9')).length, 0)
      }))

    test('revokes once, and notes uses', () =>
      withStore(async (store) => {
        await store.add(key())
        await store.use('abcdefghijkl', later)
        assert.equal(await store.revoke('abcdefghijkl', now), true)
        assert.equal(await store.revoke('abcdefghijkl', later), false)
        assert.equal(await store.revoke('nobody', now), false)
        assert.deepEqual(await store.find('abcdefghijkl'), key({ usedAt: later, revokedAt: now }))
      }))
  })
}
