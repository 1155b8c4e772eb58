import {
  abort,
  App,
  created,
  defineConfig,
  type HTTPError,
  InvalidInput,
  middleware,
  noContent,
  setting,
} from 'dewar'
import {
  database,
  datetime,
  enumeration,
  id,
  model,
  now,
  type Row,
  schemaOf,
  string,
  text,
} from 'dewar/db'
import { excludeUnknown, z } from 'dewar/schema'

const NO_DATA = 'Missing JSON data in request body'
const MISSING_TITLE = "Missing 'title' in request body"
const MISSING_FOR_PUT = "Missing 'title' or 'status' in request body for PUT"
const BLANK_TITLE = "'title' must be a non-empty string"
const TEXT_ONLY = "'description' must be a string if provided"
const INVALID_STATUS = "Invalid status value. Must be 'pending' or 'completed'."
const INVALID_FILTER = "Invalid status filter. Use 'pending' or 'completed'."
const NO_FIELDS = 'No valid fields provided for update in PATCH request.'

// #region model
const Task = model('tasks', {
  id: id(),
  title: string(150),
  description: text().nullable(),
  status: enumeration(['pending', 'completed']).default('pending'),
  created_at: datetime().default(now).readOnly(),
  updated_at: datetime().default(now).onUpdate(now).readOnly(),
})
type Task = Row<typeof Task>

const db = database([Task])
// #endregion model

/** A field of input: one message when it is missing, another when it is wrong. */
const words = (missing: string, wrong: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? missing : wrong),
})
const title = (missing: string, blank = BLANK_TITLE) =>
  z.string(words(missing, blank)).trim().min(1, blank).max(150)
const status = (missing: string) => z.enum(['pending', 'completed'], words(missing, INVALID_STATUS))
const description = z.string(TEXT_ONLY).nullable()

/** Nothing at all is another mistake than a missing field. */
const someData = <S extends z.ZodType<unknown, Record<string, unknown>>>(schema: S) =>
  z
    .looseObject({}, NO_DATA)
    .refine((data) => Object.keys(data).length > 0, NO_DATA)
    .pipe(schema)

// #region input
const TaskIn = excludeUnknown(
  z.object(
    { title: title(MISSING_TITLE), description: description.optional() },
    { error: MISSING_TITLE },
  ),
)
// #endregion input
const TaskUpdate = someData(
  excludeUnknown(
    z.object({
      title: title(MISSING_FOR_PUT),
      status: status(MISSING_FOR_PUT),
      description: description.default(null),
    }),
  ),
)
const TaskPatch = someData(
  excludeUnknown(
    z
      .object({
        title: title('', `${BLANK_TITLE} if provided`),
        status: status(''),
        description,
      })
      .partial(),
  ),
)
const Filter = z.object({ status: z.enum(['pending', 'completed'], INVALID_FILTER).optional() })

// #region output
const TaskOut = schemaOf(Task).dump
const dataOf = <S extends z.ZodType>(schema: S) =>
  z.object({ status: z.literal('success'), data: schema })
const success = <const T>(data: T) => ({ status: 'success' as const, data })
// #endregion output

function formatError(error: HTTPError) {
  const isInvalid = error instanceof InvalidInput
  const message = isInvalid ? error.messages[0] : error.message
  return [{ status: 'error', error: { message } }, isInvalid ? 400 : error.status]
}

// #region config
const readConfig = defineConfig({
  databaseUrl: setting(z.string(), {
    env: 'DATABASE_URL',
    default: 'sqlite:///instance/stage4.db',
    testing: 'sqlite::memory:',
  }),
})
// #endregion config

// #region seed
/** Three tasks, where there are none. */
async function seed(): Promise<void> {
  await db.createTables()
  if (await db.find(Task).exists()) return
  const first = { title: 'Learn Flask-SQLAlchemy', description: 'Understand models and sessions' }
  await db.insert(Task, first)
  await db.insert(Task, { title: 'Build Persistent API', description: 'Refactor Task API' })
  await db.insert(Task, { title: 'Test CRUD Operations', description: 'Use curl or Postman' })
}
// #endregion seed

// #region load
/** Loads the task that the path names, to be changed. */
function loadTask(purpose: string) {
  return middleware<{ task: Task }, { task_id: number }>(async ({ params: { task_id } }, next) => {
    const missing = `Task with ID ${task_id} not found for ${purpose}`
    return next({ task: await db.getOr404(Task, task_id, missing, { lock: true }) })
  })
}
const toUpdate = [loadTask('update')] as const
const toDelete = [loadTask('deletion')] as const
// #endregion load

export function createApp(config = readConfig()): App {
  // #region app
  const app = new App('tasks', { formatError, profile: config.profile })
  app.install(db, { url: config.databaseUrl }).onStart(seed)
  // #endregion app

  // #region read
  app.get('/api/tasks', { query: Filter, output: dataOf(z.array(TaskOut)) }, async ({ query }) => {
    const { status: wanted } = query
    const found = db.find(Task).orderBy('-created_at', '-id')
    return success(await (wanted ? found.where({ status: wanted }) : found).all())
  })

  app.get('/api/tasks/<int:task_id>', { output: dataOf(TaskOut) }, async ({ params }) => {
    const missing = `Task with ID ${params.task_id} not found`
    return success(await db.getOr404(Task, params.task_id, missing))
  })
  // #endregion read

  // #region write
  app.post('/api/tasks', { json: TaskIn, output: { 201: dataOf(TaskOut) } }, async ({ json }) =>
    created(success(await db.insert(Task, json))),
  )

  app.put(
    '/api/tasks/<int:task_id>',
    { json: TaskUpdate, output: dataOf(TaskOut), use: toUpdate },
    async ({ task, json }) => success(await db.update(Task, task, json)),
  )
  // #endregion write

  app.patch(
    '/api/tasks/<int:task_id>',
    { json: TaskPatch, output: dataOf(TaskOut), use: toUpdate },
    async ({ task, json }) => {
      if (Object.keys(json).length === 0) abort(400, NO_FIELDS)
      return success(await db.update(Task, task, json))
    },
  )

  app.delete('/api/tasks/<int:task_id>', { use: toDelete }, async ({ task }) => {
    await db.delete(Task, task.id)
    return noContent()
  })

  // Tests put the app back in its first state.
  if (config.profile === 'testing') {
    app.post('/__reset', async () => {
      await db.dropTables()
      await seed()
      return noContent()
    })
  }
  return app
}
