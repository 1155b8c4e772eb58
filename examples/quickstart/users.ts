import { abort, Blueprint } from 'dewar'
import { z } from 'dewar/schema'

const USERS = new Map([
  [1, { name: 'Alice', email: 'alice@example.com' }],
  [2, { name: 'Bob', email: 'bob@example.com' }],
])

const User = z.object({ name: z.string(), email: z.email() })

export const users = new Blueprint('users', { prefix: '/api' })

users.get('/user', () => ({ id: 1, name: 'Alice', is_active: true }))

users.get('/users', () => [
  { id: 1, name: 'Alice' },
  { id: 2, name: 'Bob' },
])

users.get(
  '/users/<int:user_id>',
  { output: User },
  ({ params: { user_id } }) =>
    USERS.get(user_id) ?? abort(404, `User with ID ${user_id} not found`),
)
