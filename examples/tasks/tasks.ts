import { abort, Blueprint, created, middleware, noContent } from 'dewar'
import { auth, db } from './extensions.ts'
import { Task } from './models.ts'
import { success } from './responses.ts'
import { TaskFilter, TaskIn, TaskOut, TaskPatch, TasksOut, TaskUpdate } from './schemas.ts'

// #region signed-in
export const tasks = new Blueprint('tasks', { use: [auth.signedIn()] })

const adminOnly = auth.signedIn({
  role: 'admin',
  message: 'Permission denied: Admin role required to delete tasks.',
})
// #endregion signed-in

/** Loads the task that the path names: 404 comes before anything in the body. */
function loadTask(missing: (id: number) => string, { lock }: { lock: boolean }) {
  return middleware<{ task: Task }, { task_id: number }>(async ({ params: { task_id } }, next) =>
    next({ task: await db.getOr404(Task, task_id, missing(task_id), { lock }) }),
  )
}
const taskToUpdate = loadTask((id) => `Task ID ${id} not found for update`, { lock: true })
/** Not locked: those who may not delete it ask for it too. */
const taskToDelete = loadTask((id) => `Task ID ${id} not found`, { lock: false })

const listTasks = { name: 'list_tasks', summary: 'List tasks, newest first', query: TaskFilter }

tasks.get('/', { ...listTasks, output: TasksOut }, async ({ query: { status } }) => {
  const found = db.find(Task).orderBy('-created_at', '-id')
  return success(await (status ? found.where({ status }) : found).all())
})

const getTask = tasks.get(
  '/<int:task_id>',
  { name: 'get_task', summary: 'Show one task', output: TaskOut },
  async ({ params: { task_id } }) =>
    success(await db.getOr404(Task, task_id, `Task with ID ${task_id} not found`)),
)

tasks.post(
  '/',
  { name: 'create_task', summary: 'Create a task', json: TaskIn, output: { 201: TaskOut } },
  async ({ json, urlFor }) => {
    const task = await db.insert(Task, json)
    const location = urlFor(getTask, { task_id: task.id }, { absolute: true })
    return created(success(task), location)
  },
)

const replaceTask = {
  name: 'replace_task',
  summary: 'Replace a task',
  use: [taskToUpdate],
} as const

tasks.put(
  '/<int:task_id>',
  { ...replaceTask, json: TaskUpdate, output: TaskOut },
  async ({ task, json }) => success(await db.update(Task, task, json)),
)

const changeTask = { name: 'change_task', summary: 'Change a task', use: [taskToUpdate] } as const

tasks.patch(
  '/<int:task_id>',
  { ...changeTask, json: TaskPatch, output: TaskOut },
  async ({ task, json }) => {
    if (Object.keys(json).length === 0)
      abort(400, 'No fields provided for update in PATCH request.')
    return success(await db.update(Task, task, json))
  },
)

tasks.delete(
  '/<int:task_id>',
  { name: 'delete_task', summary: 'Delete a task', use: [taskToDelete, adminOnly] },
  async ({ task }) => {
    await db.delete(Task, task.id)
    return noContent()
  },
)
