import { type Command, command, type CommandGroup } from '../../../app/commands.ts'
import { type Duration, toMs } from '../../../lib/duration.ts'
import type { IssuedKey, NewKey } from './issued_keys.ts'
import type { APIKey } from './key_store.ts'

/** What the commands ask of {@link APIKeys}. */
interface Keys {
  issue(key: NewKey): Promise<IssuedKey>
  list(subject?: string): Promise<readonly APIKey[]>
  revoke(id: string): Promise<boolean>
}

/** `dewar keys create`, `list` and `revoke`. */
export function keyCommands(keys: Keys): CommandGroup {
  return {
    name: 'keys',
    summary: 'Issue, list and revoke API keys',
    commands: [createKey(keys), listKeys(keys), revokeKey(keys)],
  }
}

function createKey(keys: Keys): Command {
  return command({
    name: 'create',
    summary: 'Issue a key and show it, once',
    args: ['<name>'],
    options: {
      subject: { type: 'string', summary: "Whose key it is: a user's id" },
      scopes: { type: 'string', summary: 'All that it may, separated by spaces' },
      lifetime: { type: 'string', summary: 'How long it counts, such as 90d' },
    },
    async run({ args: [name = ''], options, print }) {
      const { subject, scopes, lifetime } = options
      const list = scopes?.split(/[\s,]+/).filter(Boolean)
      const issued = await keys.issue({
        name,
        subject,
        scopes: list,
        lifetime: toDuration(lifetime),
      })
      print(issued.key)
      print(`Its id is ${issued.id}. Keep the key now: it is shown this once.`)
    },
  })
}

function listKeys(keys: Keys): Command {
  return command({
    name: 'list',
    summary: 'List the keys that were issued, the last one first',
    options: { subject: { type: 'string', summary: "A user's id: only that user's" } },
    async run({ options, print }) {
      const found = await keys.list(options.subject)
      if (found.length === 0) print('There are no keys.')
      for (const key of found) print(describe(key))
    },
  })
}

function revokeKey(keys: Keys): Command {
  return command({
    name: 'revoke',
    summary: 'Let a key count no more',
    args: ['<id>'],
    async run({ args: [id = ''], print }) {
      const isRevoked = await keys.revoke(id)
      print(isRevoked ? `Revoked ${id}.` : `There is no key ${id} that counts.`)
      return isRevoked ? 0 : 1
    },
  })
}

function describe(key: APIKey): string {
  const { id, name, subject, scopes, expiresAt, usedAt, revokedAt } = key
  const parts = [
    subject === undefined ? undefined : `of ${subject}`,
    scopes && `may ${scopes.join(' ')}`,
    revokedAt ? `revoked ${dayOf(revokedAt)}` : expiresAt && `until ${dayOf(expiresAt)}`,
    usedAt ? `used ${dayOf(usedAt)}` : 'never used',
  ]
  return `${id}  ${name}: ${parts.filter(Boolean).join(', ')}`
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

function toDuration(text: string | undefined): Duration | undefined {
  if (text === undefined) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `toMs` refuses what is none
  const duration = text as Duration
  toMs(duration)
  return duration
}
