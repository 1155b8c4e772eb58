import { Blueprint, created, InvalidInput, middleware, noContent } from 'dewar'
import { excludeUnknown, z } from 'dewar/schema'
import { memory, type Todo } from './store.ts'

const Todo = z.object({ id: z.int(), title: z.json(), done: z.boolean() })
/** A title is whatever JSON can say, as in the first chapter's app. */
const TodoIn = excludeUnknown(z.object({ title: z.json() }))
const TodoUpdate = excludeUnknown(z.object({ title: z.json(), done: z.boolean().optional() }))

export const todos = new Blueprint('todos', { prefix: '/api/todos' })

todos.onError(InvalidInput, () => [{ error: "JSON with 'title' required" }, 400])

/** Loads the todo that the path names, before anything else is looked at. */
const loadTodo = middleware<{ todo: Todo }, { todo_id: number }>((c, next) => {
  const todo = c.state(memory).store.todos.find(({ id }) => id === c.params.todo_id)
  return todo ? next({ todo }) : [{ error: 'Todo not found' }, 404]
})

todos.get('', { output: z.array(Todo) }, (c) => c.state(memory).store.todos)

todos.post('', { json: TodoIn, output: { 201: Todo } }, (c) => {
  const list = c.state(memory).store.todos
  const id = Math.max(0, ...list.map((todo) => todo.id)) + 1
  const todo = { id, title: c.json.title, done: false }
  list.push(todo)
  return created(todo)
})

todos.get('/<int:todo_id>', { output: Todo, use: [loadTodo] }, ({ todo }) => todo)

todos.put('/<int:todo_id>', { json: TodoUpdate, output: Todo, use: [loadTodo] }, ({ todo, json }) =>
  Object.assign(todo, json),
)

todos.post('/<int:todo_id>/complete', { output: Todo, use: [loadTodo] }, ({ todo }) =>
  Object.assign(todo, { done: true }),
)

todos.delete('/<int:todo_id>', { use: [loadTodo] }, (c) => {
  const { store } = c.state(memory)
  store.todos = store.todos.filter((todo) => todo !== c.todo)
  return noContent()
})
