import type { Blueprint } from '../../../app/blueprint.ts'
import { NotFound } from '../../../http/errors.ts'
import { noContent } from '../../../http/reply.ts'
import type { TokenFamily } from '../token_store.ts'
import type { AccountsRoom } from './accounts_state.ts'
import { audit } from './audit.ts'

/** See where one is logged in, and log out there. */
export function addDeviceRoutes<User, Row>(
  routes: Blueprint,
  { auth }: AccountsRoom<User, Row>,
): void {
  const devices = {
    name: 'devices',
    summary: 'Where I am logged in',
    use: [auth.signedIn()],
  } as const
  routes.get('/devices', devices, async ({ identity }) => {
    const found = await auth.devices(identity.principal.id)
    return { devices: found.map((device) => toJSON(device, identity.claims?.['sid'])) }
  })

  const logoutDevice = {
    name: 'logout_device',
    summary: 'Log out on one device',
    use: [auth.signedIn()],
  } as const
  routes.delete('/devices/<device>', logoutDevice, async (c) => {
    const { id } = c.identity.principal
    if (!(await auth.signOutDevice(id, c.params.device))) throw new NotFound('No such device.')
    audit(c, 'logged_out', id)
    return noContent()
  })

  const logoutAll = {
    name: 'logout_everywhere',
    summary: 'Log out on all devices',
    use: [auth.signedIn()],
  } as const
  routes.delete('/devices', logoutAll, async (c) => {
    const { id } = c.identity.principal
    await auth.signOutEverywhere(id)
    await auth.signOut(c, c.identity)
    audit(c, 'logged_out', id)
    return noContent()
  })
}

function toJSON(family: TokenFamily, current: unknown) {
  const { id, device, address, createdAt, usedAt } = family
  const times = { created_at: createdAt, used_at: usedAt }
  return { id, device, address, ...times, is_current: id === current }
}
