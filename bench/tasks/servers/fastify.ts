import Fastify from 'fastify'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { serve } from '../../http/serve.ts'
import { SEEDED } from '../rows.ts'

/** The same API by hand: Fastify with JSON Schemas, node:sqlite with prepared statements. The same checks. */
const dir = mkdtempSync(join(tmpdir(), 'dewar-bench-'))
process.on('exit', () => rmSync(dir, { recursive: true }))

const writer = open()
writer.exec(`CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL CHECK (length(title) <= 150),
  description TEXT,
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed')),
  due_date TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT`)
const reader = open()

function open(): DatabaseSync {
  const database = new DatabaseSync(join(dir, 'tasks.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON')
  return database
}

const one = reader.prepare('SELECT * FROM tasks WHERE id = ?')
const all = reader.prepare('SELECT * FROM tasks ORDER BY created_at DESC, id DESC')
const insert = writer.prepare(
  `INSERT INTO tasks (title, description, status, due_date, created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?) RETURNING *`,
)
const begin = writer.prepare('BEGIN IMMEDIATE')
const commit = writer.prepare('COMMIT')
const rollback = writer.prepare('ROLLBACK')

interface TaskIn {
  title: string
  description?: string | null
  status?: string
  due_date?: string | null
}

function create({ title, description = null, status = 'pending', due_date = null }: TaskIn) {
  const now = new Date().toISOString()
  begin.run()
  try {
    const task = insert.get(title, description, status, due_date, now, now)
    commit.run()
    return task as { id: number } | undefined
  } catch (error) {
    rollback.run()
    throw error
  }
}
for (let i = 0; i < SEEDED; i++) create({ title: `Task ${i}` })

const app = Fastify({ ajv: { customOptions: { allErrors: true, removeAdditional: false } } })

const string = { type: 'string' }
const nullable = { type: ['string', 'null'] }
const task = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    title: string,
    description: nullable,
    status: string,
    due_date: nullable,
    created_at: string,
    updated_at: string,
  },
}
const envelope = (data: object) => ({
  type: 'object',
  properties: { status: string, data },
})

interface Issue {
  instancePath: string
  params: Record<string, unknown>
  message?: string
}
app.setErrorHandler((error: { validation?: Issue[]; message: string }, request, reply) => {
  if (!error.validation) {
    return reply.code(500).send({ status: 'error', error: { message: 'Server error' } })
  }
  const details: Record<string, string[]> = {}
  for (const { instancePath, params, message = '' } of error.validation) {
    const field = instancePath.slice(1) || String(params['missingProperty'])
    ;(details[field] ??= []).push(message)
  }
  request.log.warn({ details }, 'Input validation failed')
  const body = { message: 'Input validation failed', details }
  return reply.code(422).send({ status: 'error', error: body })
})

const params = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] }
app.get<{ Params: { id: number } }>(
  '/api/tasks/:id',
  { schema: { params, response: { 200: envelope(task) } } },
  async (request, reply) => {
    const { id } = request.params
    const data = one.get(id)
    if (data) return { status: 'success', data }
    reply.code(404)
    return { status: 'error', error: { message: `Task with ID ${id} not found` } }
  },
)

const list = envelope({ type: 'array', items: task })
app.get('/api/tasks/', { schema: { response: { 200: list } } }, async () => ({
  status: 'success',
  data: all.all(),
}))

/** Text that the database can hold: without NUL. */
const storable = '^[^\\u0000]*$'
const body = {
  type: 'object',
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 150, pattern: storable },
    description: { type: ['string', 'null'], pattern: storable },
    status: { enum: ['pending', 'completed'] },
    due_date: { type: ['string', 'null'], format: 'date' },
  },
  required: ['title'],
}
app.post<{ Body: TaskIn }>(
  '/api/tasks/',
  { schema: { body, response: { 201: envelope(task) } } },
  async (request, reply) => {
    const { title, description } = request.body
    if (!title.isWellFormed() || description?.isWellFormed() === false) {
      reply.code(422)
      return { status: 'error', error: { message: 'Input validation failed' } }
    }
    const data = create(request.body)
    const origin = `${request.protocol}://${request.host}`
    reply.code(201).header('location', `${origin}/api/tasks/${data?.id}`)
    return { status: 'success', data }
  },
)

await app.listen({ port: 0, host: '127.0.0.1' })
serve(app.server.address())
