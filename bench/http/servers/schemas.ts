import { z } from 'zod'

/** The zod schemas of the servers that validate with zod (Hono, Express, NestJS). */
export const SearchQuery = z.object({
  q: z.string().min(1).max(100),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  tags: z.preprocess((tags) => (typeof tags === 'string' ? [tags] : tags), z.array(z.string())),
  active: z.stringbool(),
})

export const ItemBody = z.strictObject({
  name: z.string().min(1).max(100),
  quantity: z.int().min(0),
  price: z.number(),
  active: z.boolean(),
  category: z.enum(['kitchen', 'garden', 'office']),
  tags: z.array(z.string()),
})

/** What may leave of an item. */
export const ItemOut = z.object({
  id: z.number(),
  name: z.string(),
  description: z.string(),
  price: z.number(),
  quantity: z.number(),
  rating: z.number(),
  active: z.boolean(),
  category: z.string(),
  created_at: z.string(),
  dimensions: z.object({ width: z.number(), height: z.number(), unit: z.string() }),
})
export const ItemsOut = z.array(ItemOut)

/** The fields of a rejection, as these servers report them. */
export function toErrors(error: z.core.$ZodError): { field: string; message: string }[] {
  return error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }))
}
