import { Blueprint } from '../../app/blueprint.ts'
import type { Context } from '../../app/context.ts'
import type { KeyRing } from '../../token/jwt/key_ring.ts'

/** The public keys of an app, where others look for them (RFC 8414 names the address in `jwks_uri`). */
export function jwksBlueprint(keysOf: (c: Context) => KeyRing): Blueprint {
  const blueprint = new Blueprint('jwks')
  const contract = {
    name: 'keys',
    summary: 'The public keys that tokens are verified with',
  }
  blueprint.get('/.well-known/jwks.json', contract, (c) => {
    // Keys change with notice: the new one is shown before anything is signed with it.
    c.setHeader('cache-control', 'public, max-age=300')
    return keysOf(c).toJWKS()
  })
  return blueprint
}
