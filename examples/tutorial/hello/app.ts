import { App, reply } from 'dewar'

export const app = new App('hello')

// #region text
app.get('/', () => 'Hello, World! This is my first API.')
// #endregion text

// #region json
app.get('/api/hello', () => ({
  message: 'Hello from the API!',
  version: '1.0',
  status: 'success',
}))

app.get('/api/users', () => [
  { id: 1, name: 'Alice' },
  { id: 2, name: 'Bob' },
])
// #endregion json

// #region good
app.get('/good', () => reply(200, { status: 'ok' }))

app.get('/less-good', () => ({ status: 'maybe' }))
// #endregion good

// #region greet
app.get('/api/greet/<name>', ({ params }) => ({
  greeting: `Hello, ${params.name}! Nice to meet you.`,
}))

app.get('/api/welcome', () => ({
  message: 'Welcome to our simple API!',
  endpoints_available: app.boundRoutes.map(({ path }) => path),
}))
// #endregion greet
