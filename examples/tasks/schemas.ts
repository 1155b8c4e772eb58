import { schemaOf } from 'dewar/db'
import { z } from 'dewar/schema'
import { envelope } from './responses.ts'
import { STATUSES, Task } from './models.ts'

const LENGTH = 'Title must be between 1 and 150 characters.'
const FILTER = "Invalid status filter. Use 'pending' or 'completed'."

/** One of the two, in these words; what is missing or null keeps the usual ones. */
function status(words: string) {
  return z.enum(STATUSES, { error: ({ input }) => (input == null ? undefined : words) })
}

const EITHER = status("Status must be either 'pending' or 'completed'.")
const title = z.string().min(1, LENGTH).max(150, LENGTH)
const schemas = schemaOf(Task, {
  fields: {
    title,
    status: EITHER.default('pending'),
  },
})

export const TaskIn = schemas.load
/** A PUT replaces: the status must be said. */
export const TaskUpdate = TaskIn.extend({ status: EITHER })
export const TaskPatch = schemas.patch.extend({
  status: status("Status must be 'pending' or 'completed'.").optional(),
})
export const TaskOut = envelope(schemas.dump)
export const TasksOut = envelope(z.array(schemas.dump))
/** `?status=` asks for all, as no filter does. */
export const TaskFilter = z.object({
  status: z.preprocess((text) => text || undefined, z.enum(STATUSES, FILTER).optional()),
})
