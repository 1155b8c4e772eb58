import { MigrationError } from './errors.ts'
import { logOf } from './operations.ts'
import type { Revision } from './revision.ts'
import { EMPTY_SCHEMA, type Schema } from './schema.ts'
import { schemaAfter } from './steps.ts'

/** All revisions of an app, parents first. */
export class History {
  readonly revisions: readonly Revision[]
  readonly #byId: ReadonlyMap<string, Revision>

  /** @throws {MigrationError} when two have one id, a parent is missing, or they go in a circle */
  constructor(revisions: readonly Revision[]) {
    this.#byId = new Map(revisions.map((each) => [each.id, each]))
    if (this.#byId.size < revisions.length) {
      const twice = revisions.find(({ id }, i) => revisions.findIndex((r) => r.id === id) < i)
      throw new MigrationError(`Two revisions have the id ${twice?.id}.`)
    }
    this.revisions = inOrder(revisions, this.#byId)
  }

  /** Revisions that no other follows: one, unless two people added one each. */
  get heads(): readonly string[] {
    return this.headsOf(this.revisions)
  }

  /** The last ones of `revisions`. */
  headsOf(revisions: Iterable<Revision>): readonly string[] {
    const all = [...revisions]
    const followed = new Set(all.flatMap(({ parents }) => parents))
    return all.filter(({ id }) => !followed.has(id)).map(({ id }) => id)
  }

  /** @throws {MigrationError} when no file has it */
  get(id: string): Revision {
    const revision = this.#byId.get(id)
    if (revision) return revision
    throw new MigrationError(`There is no file of the revision ${id}. Known are:\n${this.#known()}`)
  }

  /**
   * The revision that a person means: an id, the beginning of one, `head`.
   *
   * @throws {MigrationError} when there is none, or more than one
   */
  find(name: string): Revision {
    if (name === 'head') return this.get(this.requireOneHead())
    const exact = this.#byId.get(name)
    if (exact) return exact
    const found = this.revisions.filter(({ id }) => id.startsWith(name))
    if (name !== '' && found.length === 1) return found[0]!
    const problem =
      found.length > 1 && name !== '' ? 'could be several revisions' : 'is no revision'
    throw new MigrationError(`"${name}" ${problem}. Known are:\n${this.#known()}`)
  }

  /** @throws {MigrationError} when there are several heads, or none */
  requireOneHead(): string {
    const [head, ...others] = this.heads
    if (head === undefined) {
      throw new MigrationError('There is no revision yet. Make the first: dewar db migrate -m "…"')
    }
    if (others.length === 0) return head
    throw new MigrationError(
      `There are several heads: ${this.heads.map((id) => this.labelOf(id)).join('; ')}. ` +
        'Join them first: dewar db merge -m "…"',
    )
  }

  /** These revisions and all that come before them, parents first. */
  upTo(ids: readonly string[]): readonly Revision[] {
    const wanted = new Set<string>()
    const visit = (id: string): void => {
      if (wanted.has(id)) return
      wanted.add(id)
      this.get(id).parents.forEach(visit)
    }
    ids.forEach(visit)
    return this.revisions.filter(({ id }) => wanted.has(id))
  }

  /** The tables after these revisions and all before them, without any database. */
  schemaAt(ids: readonly string[]): Schema {
    let schema = EMPTY_SCHEMA
    for (const revision of this.upTo(ids)) schema = upgraded(revision, schema)
    return schema
  }

  /** `0a1b2c3d (add due date)` */
  labelOf(id: string): string {
    const revision = this.#byId.get(id)
    return revision ? `${id} (${revision.message})` : `${id} (no file)`
  }

  #known(): string {
    const lines = this.revisions.toReversed().map(({ id }) => `  ${this.labelOf(id)}`)
    return lines.join('\n') || '  none'
  }
}

/** The tables after a revision. @throws {MigrationError} that names it */
function upgraded(revision: Revision, schema: Schema): Schema {
  return within(revision, () => schemaAfter(logOf(revision.upgrade), schema))
}

/** Run `work`; an error of it says which revision it is about. */
export function within<T>({ id, message }: Revision, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof MigrationError)) throw cause
    throw new MigrationError(`Revision ${id} (${message}): ${cause.message}`, { cause })
  }
}

function inOrder(
  revisions: readonly Revision[],
  byId: ReadonlyMap<string, Revision>,
): readonly Revision[] {
  const ordered = new Set<Revision>()
  const entered = new Set<Revision>()
  const visit = (revision: Revision): void => {
    if (ordered.has(revision)) return
    if (entered.has(revision)) {
      throw new MigrationError(`The revision ${revision.id} comes before itself.`)
    }
    entered.add(revision)
    for (const id of revision.parents) {
      const parent = byId.get(id)
      if (!parent) {
        throw new MigrationError(`The revision ${revision.id} follows ${id}, which has no file.`)
      }
      visit(parent)
    }
    ordered.add(revision)
  }
  for (const revision of revisions.toSorted(byDate)) visit(revision)
  return [...ordered]
}

function byDate(a: Revision, b: Revision): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1
  return a.id < b.id ? -1 : 1
}
