import { Blueprint } from 'dewar'

/** A blueprint that says nothing of where it is mounted. */
export const account = new Blueprint('account')

account.get('/profile', () => ({ username: 'current_user', email: 'user@example.com' }))

account.route(['GET', 'POST'], '/settings', () => ({ message: 'Settings endpoint' }))
