import type { BaseContext, Context } from '../../app/context.ts'
import type { Middleware, Next } from '../../app/middleware.ts'
import type { Authenticator, Identity } from './authenticator.ts'
import { SignInError } from './sign_in_error.ts'

/** What `signedIn()` adds to the context. */
export interface SignedIn<User> {
  readonly user: User
  readonly identity: Identity<User>
}

/** What `signedIn({ optional: true })` adds to the context. */
export interface MaybeSignedIn<User> {
  readonly user: User | undefined
  readonly identity: Identity<User> | undefined
}

/** What somebody must be, besides known. */
export interface SignInRules {
  /** Only with a password just given, not with a token that was refreshed. */
  readonly fresh?: boolean
  /** This role. */
  readonly role?: string
  /** At least one of these roles. */
  readonly anyOf?: readonly string[]
  /** All of these roles. */
  readonly allOf?: readonly string[]
  /**
   * This scope, or one of these, for those whose way in is limited to some: API keys. Where nothing is asked, they are
   * not let in; those who are not limited need none.
   */
  readonly scope?: string | readonly string[]
  /** What 403 says. */
  readonly message?: string
}

/** What a predicate of `requires()` knows. */
export type PermissionContext<User, Params> = BaseContext &
  SignedIn<User> & { readonly params: Params }

type Ways<User> = (c: Context) => readonly Authenticator<User>[]

/** Let only those in whom one of the ways knows. */
export function signedInBy<User>(
  ways: Ways<User>,
  rules: SignInRules = {},
): Middleware<SignedIn<User>> {
  const isEnough = toCheck(rules)
  const scopes = [rules.scope ?? []].flat()
  return function signedIn(c: Context, next: Next<SignedIn<User>>): unknown {
    const found = identify(c, ways(c))
    if (found instanceof Promise) return found.then((identity) => enter(c, next, identity))
    return enter(c, next, found)
  }

  function enter(c: Context, next: Next<SignedIn<User>>, identity: Identity<User> | undefined) {
    if (!identity) throw signInRequired(c, ways(c))
    if (identity.scopes) checkScope(c, identity.scopes, scopes, ways)
    isEnough?.(c, identity, ways)
    c.principal = identity.principal
    return next({ user: identity.user, identity })
  }
}

/** Let everybody in; those whom one of the ways knows are known. Bad credentials are still refused. */
export function maybeSignedInBy<User>(
  ways: Ways<User>,
  { scope = [] }: Pick<SignInRules, 'scope'> = {},
): Middleware<MaybeSignedIn<User>> {
  return function maybeSignedIn(c: Context, next: Next<MaybeSignedIn<User>>): unknown {
    const found = identify(c, ways(c))
    if (found instanceof Promise) return found.then((identity) => enter(c, next, identity))
    return enter(c, next, found)
  }

  function enter(
    c: Context,
    next: Next<MaybeSignedIn<User>>,
    identity: Identity<User> | undefined,
  ) {
    if (identity?.scopes) checkScope(c, identity.scopes, [scope].flat(), ways)
    if (identity) c.principal = identity.principal
    return next({ user: identity?.user, identity })
  }
}

/** Let only those in for whom `isAllowed` holds. */
export function requiredBy<User, Params>(
  ways: Ways<User>,
  isAllowed: (c: PermissionContext<User, Params>) => boolean | Promise<boolean>,
  message?: string,
): Middleware<SignedIn<User>> {
  return async function requires(
    c: Context & Partial<SignedIn<User>>,
    next: Next<SignedIn<User>>,
  ): Promise<unknown> {
    const identity = await identify(c, ways(c))
    if (!identity) throw signInRequired(c, ways(c))
    // Somebody known was let in by a `signedIn()` that asked for the scope.
    if (identity.scopes && identity !== c.identity) checkScope(c, identity.scopes, [], ways)
    c.principal = identity.principal
    const adds = { user: identity.user, identity }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `next` adds the same; who names parameters uses it on paths that have them
    const known = Object.assign(c, adds) as unknown as PermissionContext<User, Params>
    if (!(await isAllowed(known))) throw notAllowed(c, 'not_permitted', message, ways)
    return next(adds)
  }
}

/** Once a request and way: a blueprint may ask, and a route of it again, for a role. */
function identify<User>(
  c: Context & Partial<SignedIn<User>>,
  ways: readonly Authenticator<User>[],
): Identity<User> | undefined | Promise<Identity<User> | undefined> {
  const known = c.identity
  if (known && ways.some((way) => way.name === known.by)) return known
  return ask(c, ways, 0)
}

function ask<User>(
  c: Context,
  ways: readonly Authenticator<User>[],
  index: number,
): Identity<User> | undefined | Promise<Identity<User> | undefined> {
  const found = ways[index]?.authenticate(c)
  if (index + 1 >= ways.length) return found
  if (found instanceof Promise) return found.then((identity) => identity ?? ask(c, ways, index + 1))
  return found ?? ask(c, ways, index + 1)
}

type Check = <User>(c: Context, identity: Identity<User>, ways: Ways<User>) => void

/** Undefined where nothing is asked: most routes. */
function toCheck(rules: SignInRules): Check | undefined {
  const { fresh = false, role, anyOf, allOf = [], message } = rules
  const all = role === undefined ? allOf : [role, ...allOf]
  if (!fresh && all.length === 0 && anyOf === undefined) return undefined
  return (c, { principal: { roles = [] }, isFresh }, ways) => {
    const hasRoles = all.every((each) => roles.includes(each))
    const hasOne = anyOf?.some((each) => roles.includes(each)) ?? true
    if (!hasRoles || !hasOne) throw notAllowed(c, 'role_required', message, ways)
    if (fresh && !isFresh) {
      const challenges = challengesOf(c, ways(c))
      throw new SignInError(401, 'not_fresh', 'Fresh token required', { challenges })
    }
  }
}

/** Whoever may only some things may nothing that is not named. */
function checkScope<User>(
  c: Context,
  has: readonly string[],
  asked: readonly string[],
  ways: Ways<User>,
): void {
  if (asked.some((scope) => has.includes(scope))) return
  const message =
    asked.length === 0
      ? 'This key may not do this.'
      : `This needs the scope "${asked.join('" or "')}".`
  throw notAllowed(c, 'scope_required', message, ways)
}

function notAllowed<User>(
  c: Context,
  code: 'role_required' | 'not_permitted' | 'scope_required',
  message = 'You may not do this.',
  ways: Ways<User>,
): SignInError {
  const challenges = challengesOf(c, ways(c)).map((challenge) =>
    challenge.startsWith('Bearer') ? withError(challenge, 'insufficient_scope') : challenge,
  )
  return new SignInError(403, code, message, { challenges })
}

function signInRequired<User>(c: Context, ways: readonly Authenticator<User>[]): SignInError {
  const challenges = challengesOf(c, ways)
  const message = ways[0]?.missing(c) ?? 'Sign in to use this address.'
  return new SignInError(401, 'sign_in_required', message, { challenges })
}

function challengesOf<User>(c: Context, ways: readonly Authenticator<User>[]): string[] {
  return ways.map((way) => way.challenge(c)).filter((challenge) => challenge !== undefined)
}

/** RFC 6750, section 3.1. */
function withError(challenge: string, error: string): string {
  return `${challenge}${challenge.includes('=') ? ',' : ''} error="${error}"`
}
