import { abort, BadRequest, Blueprint, created, InvalidInput, middleware, noContent } from 'dewar'
import { excludeUnknown, z } from 'dewar/schema'
import { type Item, memory } from './store.ts'

const MISSING = "Missing 'name' or 'price' in request body"
const MISSING_FOR_PUT = `${MISSING} for PUT`
const WRONG_TYPES = "'name' must be a string, 'price' must be a number"

const Item = z.object({
  id: z.int(),
  name: z.string(),
  price: z.number(),
  description: z.json().nullable(),
})

function itemIn(missing: string) {
  const error = ({ input }: { input?: unknown }) => (input === undefined ? missing : WRONG_TYPES)
  return excludeUnknown(
    z.object(
      { name: z.string({ error }), price: z.number({ error }), description: z.json().optional() },
      { error: missing },
    ),
  )
}

export const items = new Blueprint('items', { prefix: '/api/items' })

/** Loads the item that the path names, before anything else is looked at. */
const loadItem = middleware<{ item: Item }, { item_id: number }>((c, next) => {
  const { item_id } = c.params
  const item = c.state(memory).store.items.find(({ id }) => id === item_id)
  return item ? next({ item }) : abort(404, `Item with ID ${item_id} not found`)
})

/** Refuses what says nothing: malformed JSON, `{}`, `[]`, `null`. */
const someData = middleware(async (c, next) => {
  const data = await c.request.json()
  const isEmpty = typeof data === 'object' ? Object.keys(data ?? {}).length === 0 : !data
  return isEmpty ? abort(400, 'Invalid JSON data') : next()
})

items.onError(BadRequest, () => [{ error: 'Invalid JSON data' }, 400])

/** One sentence, of which a missing field comes before a wrong one. */
items.onError(InvalidInput, ({ messages }) => {
  const [first] = messages.toSorted(
    (a, b) => Number(b.startsWith(MISSING)) - Number(a.startsWith(MISSING)),
  )
  return [{ error: first }, 400]
})

items.get('', { output: z.array(Item) }, (c) => c.state(memory).store.items)

items.post('', { json: itemIn(MISSING), output: { 201: Item }, use: [someData] }, (c) => {
  const { store } = c.state(memory)
  const { description = null, ...rest } = c.json
  const item = { ...rest, description, id: store.nextItemId++ }
  store.items.push(item)
  return created(item)
})

items.get('/<int:item_id>', { output: Item, use: [loadItem] }, ({ item }) => item)

const replaceItem = { json: itemIn(MISSING_FOR_PUT), output: Item, use: [loadItem] } as const

items.put('/<int:item_id>', replaceItem, ({ item, json }) => Object.assign(item, json))

items.delete('/<int:item_id>', { use: [loadItem] }, (c) => {
  const { store } = c.state(memory)
  store.items = store.items.filter((item) => item !== c.item)
  return noContent()
})
