import type { Row } from '../http/rows.ts'

const FIELDS = ['title', 'description', 'status', 'due_date', 'created_at', 'updated_at']
const VALID = { title: 'Deploy the app', description: 'Before Friday', due_date: '2026-12-24' }

/** Requests that change nothing, so that every sample meets the same twenty tasks. */
export const READS: readonly Row[] = [
  { name: 'get', method: 'GET', path: '/api/tasks/7', status: 200, mentions: FIELDS },
  { name: 'list of 20', method: 'GET', path: '/api/tasks/', status: 200, mentions: FIELDS },
  {
    name: 'invalid post',
    method: 'POST',
    path: '/api/tasks/',
    body: { title: '', status: 'done', due_date: 'tomorrow' },
    status: 422,
    mentions: ['title', 'status', 'due_date'],
  },
]

/** A task more with every request, committed. */
export const WRITES: readonly Row[] = [
  {
    name: 'post',
    method: 'POST',
    path: '/api/tasks/',
    body: VALID,
    status: 201,
    mentions: [...FIELDS, VALID.title],
  },
]

/** How many tasks there are before anything is measured. */
export const SEEDED = 20
