import { abort, App, Blueprint, created, middleware, noContent, type Route, reply } from 'dewar'
import { z } from 'dewar/schema'

const Task = z.object({
  id: z.int(),
  title: z.string(),
  status: z.enum(['pending', 'completed']),
  created_at: z.date(),
})
const task = { id: 1, title: 'x', status: 'pending' as const, created_at: new Date() }
const app = new App('types')

// What comes in is typed by its schema, converted.
app.post(
  '/<int:list_id>',
  {
    query: z.object({ page: z.int().default(1), tag: z.array(z.string()) }),
    headers: z.object({ 'X-Retry': z.int().optional() }),
    json: Task.pick({ title: true }),
  },
  ({ params, query, headers, json }) => {
    params.list_id satisfies number
    query.page satisfies number
    query.tag satisfies string[]
    headers['X-Retry'] satisfies number | undefined
    json.title satisfies string
    // @ts-expect-error -- the schema names no `titel`
    void json.titel
  },
)

// What was not declared is not there.
app.get('/', ({ json, query }) => {
  json satisfies undefined
  query satisfies undefined
})

// A misspelt converter yields nothing that a handler can use.
// @ts-expect-error -- there is no converter "integr"
app.get('/<integr:id>', ({ params }) => params.id + 1)

// What goes out fits its schema: literals, dates, readonly lists.
app.get('/1', { output: Task }, () => task)
app.get('/2', { output: Task }, () => ({ ...task, status: 'completed', secret: 1 }))
app.get('/3', { output: z.array(Task) }, async () => [task] as const)
app.get('/4', { output: Task }, () => abort(404))
app.get('/5', { output: Task }, () => noContent())
app.get('/6', { output: Task }, () => new Response())
// @ts-expect-error -- the title is missing
app.get('/7', { output: Task }, () => ({ id: 1, status: 'pending', created_at: new Date() }))
// @ts-expect-error -- "done" is no status
app.get('/8', { output: Task }, () => ({ ...task, status: 'done' }))
// @ts-expect-error -- null is no task
app.get('/9', { output: Task }, () => null)

// Each status has its schema.
const output = { 200: Task, 404: z.object({ error: z.string() }), 204: null }
app.get('/10', { output }, ({ params }) =>
  Object.keys(params).length === 0 ? task : [{ error: 'none' }, 404],
)
app.get('/11', { output }, () => reply(404, { error: 'none' }))
app.post('/12', { output: { 201: Task } }, () => created(task, '/12'))
// @ts-expect-error -- 409 is not declared
app.get('/13', { output }, () => reply(409, { error: 'none' }))
// @ts-expect-error -- the body of a 404 has no `message`
app.get('/14', { output }, () => [{ message: 'none' }, 404])
// @ts-expect-error -- 201 is not declared
app.post('/15', { output: Task }, () => created(task))

// Middleware adds what it says, of a blueprint and of a route.
const user = middleware<{ user: { id: number } }>((_c, next) => next({ user: { id: 1 } }))
const trace = middleware<{ trace: string }, { id: number }>(({ params }, next) =>
  next({ trace: `t-${params.id}` }),
)
const blueprint = new Blueprint('b', { prefix: '/b/<uuid:b_id>', use: [user] })
const show = blueprint.get('/<int:id>', { use: [trace] }, (c) => {
  c.user.id satisfies number
  c.trace satisfies string
  c.params.b_id satisfies string
  c.params.id satisfies number
})
// @ts-expect-error -- what a middleware adds it must give
middleware<{ user: string }>((_c, next) => next())
// @ts-expect-error -- the app has no such middleware
app.get('/16', ({ user: nobody }) => nobody)

// A route's parameters are asked for where its address is built.
show satisfies Route<{ b_id: string; id: number }>
app.urlFor(show, { b_id: 'x', id: 4 }, { query: { q: 'a' }, absolute: true })
app.urlFor(app.get('/17', () => ({})))
// @ts-expect-error -- `b_id` is missing
app.urlFor(show, { id: 4 })
// @ts-expect-error -- `id` is a number
app.urlFor(show, { b_id: 'x', id: '4' })
// @ts-expect-error -- the parameters are missing
app.urlFor(show)

// An extension that takes options must be given them.
const needy = { name: 'needy', setup: (_: unknown, options: { url: string }) => options.url }
app.install(needy, { url: 'x' })
// @ts-expect-error -- the options are missing
app.install(needy)
app.state(needy) satisfies string
