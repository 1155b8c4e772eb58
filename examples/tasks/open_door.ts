import type { Authenticator } from 'dewar/auth'

const anybody = { id: '1', roles: ['admin'] }

/** A way to sign in that asks for nothing: tests of the tasks alone use it, with LOGIN_DISABLED. */
export const openDoor: Authenticator<typeof anybody> = {
  name: 'open_door',
  challenge: () => undefined,
  missing: () => 'The door is open.',
  authenticate: () => ({ principal: anybody, user: anybody, by: 'open_door', isFresh: true }),
}
