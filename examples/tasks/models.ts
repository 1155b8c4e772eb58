import { date, datetime, enumeration, id, model, now, type Row, string, text } from 'dewar/db'

export const STATUSES = ['pending', 'completed'] as const

export const Task = model('tasks', {
  id: id(),
  title: string(150),
  description: text().nullable(),
  status: enumeration(STATUSES).default('pending'),
  due_date: date().nullable(),
  created_at: datetime().default(now).readOnly(),
  updated_at: datetime().default(now).onUpdate(now).readOnly(),
})
export type Task = Row<typeof Task>

// #region user
export const User = model('users', {
  id: id(),
  username: string(80).unique(),
  email: string(120).unique(),
  password_hash: string(255).writeOnly(),
  role: string(20).default('user'),
  created_at: datetime().default(now).readOnly(),
})
export type User = Row<typeof User>
// #endregion user
