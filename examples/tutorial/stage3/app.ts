import {
  abort,
  App,
  created,
  defineConfig,
  type HTTPError,
  InvalidInput,
  middleware,
  noContent,
} from 'dewar'
import { excludeUnknown, z } from 'dewar/schema'

const MISSING_TITLE = "Missing 'title' in request body"
const BLANK_TITLE = "'title' must be a non-empty string"
const MISSING_STATUS = "Missing 'status' in request body"
const INVALID_STATUS = "Invalid status value. Must be 'pending' or 'completed'."

const Status = z.enum(['pending', 'completed'], {
  error: ({ input }) => (input === undefined ? MISSING_STATUS : INVALID_STATUS),
})
const Task = z.object({ id: z.int(), title: z.string(), status: Status })
type Task = z.infer<typeof Task>

const Title = z.string({
  error: ({ input }) => (input === undefined ? MISSING_TITLE : BLANK_TITLE),
})
const TaskIn = excludeUnknown(
  z.object({ title: Title.trim().min(1, BLANK_TITLE) }, { error: MISSING_TITLE }),
)
const StatusIn = excludeUnknown(z.object({ status: Status }, { error: MISSING_STATUS }))
const Filter = z.object({ status: z.string().optional() })

const readConfig = defineConfig({})

// #region envelope
/** The envelope of everything that succeeds. */
const dataOf = <S extends z.ZodType>(schema: S) =>
  z.object({ status: z.literal('success'), data: schema })
const success = <const T>(data: T) => ({ status: 'success' as const, data })
// #endregion envelope

// #region errors
/** The envelope of everything that fails. */
function formatError(error: HTTPError) {
  const isInvalid = error instanceof InvalidInput
  const message = isInvalid ? error.messages[0] : error.message
  return [{ status: 'error', error: { message } }, isInvalid ? 400 : error.status]
}
// #endregion errors

export function createApp(config = readConfig()): App {
  const app = new App('tasks', { formatError })
  const tasks = new Map<number, Task>()
  let nextId = 1

  function add(title: string, status: Task['status']): Task {
    const task = { id: nextId++, title, status }
    tasks.set(task.id, task)
    return task
  }

  function reset(): void {
    tasks.clear()
    nextId = 1
    add('Learn Flask Basics', 'completed')
    add('Build First API', 'completed')
    add('Explore Routing', 'pending')
  }
  reset()

  // #region load
  /** Loads the task that the path names, before anything else is looked at. */
  const loadTask = middleware<{ task: Task }, { task_id: number }>((c, next) => {
    const { task_id } = c.params
    const task = tasks.get(task_id)
    return task ? next({ task }) : abort(404, `Task with ID ${task_id} not found`)
  })
  // #endregion load

  // #region reading
  app.get('/api/tasks', { query: Filter, output: dataOf(z.array(Task)) }, ({ query: { status } }) =>
    success([...tasks.values()].filter((task) => status === undefined || task.status === status)),
  )

  const getTask = app.get(
    '/api/tasks/<int:task_id>',
    { output: dataOf(Task), use: [loadTask] },
    ({ task }) => success(task),
  )
  // #endregion reading

  // #region create
  app.post('/api/tasks', { json: TaskIn, output: { 201: dataOf(Task) } }, ({ json, urlFor }) => {
    const task = add(json.title, 'pending')
    return created(success(task), urlFor(getTask, { task_id: task.id }, { absolute: true }))
  })
  // #endregion create

  // #region change
  app.put(
    '/api/tasks/<int:task_id>/status',
    { json: StatusIn, output: dataOf(Task), use: [loadTask] },
    ({ task, json }) => success(Object.assign(task, json)),
  )

  app.delete('/api/tasks/<int:task_id>', { use: [loadTask] }, ({ task }) => {
    tasks.delete(task.id)
    return noContent()
  })
  // #endregion change

  // Tests put the app back in its first state.
  if (config.profile === 'testing') {
    app.post('/__reset', () => {
      reset()
      return noContent()
    })
  }
  return app
}
