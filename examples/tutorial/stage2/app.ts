import { abort, App, created, defineConfig, type HTTPError, InvalidInput, noContent } from 'dewar'
import { excludeUnknown, z } from 'dewar/schema'

// #region schemas
const MISSING = "Missing 'title' in request body"
const BLANK = "'title' must be a non-empty string"

const Task = z.object({ id: z.int(), title: z.string(), status: z.enum(['pending', 'completed']) })
const Filter = z.object({ status: z.string().optional() })
const Title = z.string({ error: ({ input }) => (input === undefined ? MISSING : BLANK) })
const TaskIn = excludeUnknown(z.object({ title: Title.trim().min(1, BLANK) }, { error: MISSING }))
// #endregion schemas

// #region data
type Task = z.infer<typeof Task>

const FIRST_TASKS: readonly Task[] = [
  { id: 1, title: 'Learn Flask Basics', status: 'completed' },
  { id: 2, title: 'Build First API', status: 'completed' },
  { id: 3, title: 'Explore Routing', status: 'pending' },
]
// #endregion data

const readConfig = defineConfig({})

// #region errors
/** Errors are `{"error": …}`; input that a schema refuses is 400 with the first message. */
function formatError(error: HTTPError) {
  if (error instanceof InvalidInput) return [{ error: error.messages[0] }, 400]
  return { error: error.message }
}
// #endregion errors

export function createApp(config = readConfig()): App {
  const app = new App('tasks', { formatError })
  let tasks = [...FIRST_TASKS]

  // #region reading
  app.get('/api/tasks', { query: Filter, output: z.array(Task) }, ({ query: { status } }) =>
    tasks.filter((task) => status === undefined || task.status === status),
  )

  app.get('/api/tasks/<int:task_id>', { output: Task }, ({ params: { task_id } }) => {
    const task = tasks.find(({ id }) => id === task_id)
    return task ?? abort(404, `Task with ID ${task_id} not found`)
  })
  // #endregion reading

  // #region writing
  app.post('/api/tasks', { json: TaskIn, output: { 201: Task } }, ({ json }) => {
    const task = { id: tasks.length + 1, title: json.title, status: 'pending' as const }
    tasks.push(task)
    return created(task)
  })
  // #endregion writing

  // #region testing
  // Tests put the app back in its first state.
  if (config.profile === 'testing') {
    app.post('/__reset', () => {
      tasks = [...FIRST_TASKS]
      return noContent()
    })
  }
  // #endregion testing
  return app
}
