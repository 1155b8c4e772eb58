import { App, created, noContent, uploadedFile } from 'dewar'
import { z } from 'dewar/schema'

export const app = new App('requests')

// #region path
app.get('/product/<product_sku>', ({ params }) => ({
  message: `Fetching details for product SKU: ${params.product_sku}`,
  sku: params.product_sku,
}))

app.get('/api/orders/<int:order_id>', ({ params: { order_id } }) => ({
  order_id,
  next: order_id + 1,
}))

app.get('/files/<path:name>', ({ params }) => ({ name: params.name }))
// #endregion path

// #region query
const Search = z.object({
  q: z.string().min(1),
  limit: z.int().catch(20),
  sort: z.enum(['name', 'date']).default('name'),
  tag: z.array(z.string()).default([]),
})

app.get('/api/search', { query: Search }, ({ query }) => query)
// #endregion query

// #region form
const Message = z.object({ text: z.string().min(1) })

app.post('/api/messages', { form: Message }, ({ form }) => created({ id: 1, text: form.text }))

const Upload = { form: Message, files: z.object({ picture: uploadedFile() }) }

app.post('/api/pictures', Upload, ({ form, files: { picture } }) =>
  created({ text: form.text, filename: picture.filename, bytes: picture.sizeBytes }),
)
// #endregion form

// #region json
const Item = z.object({
  name: z.string(),
  price: z.number(),
  description: z.string().nullable().default(null),
})

app.post('/api/items', { json: Item }, ({ json }) => created({ id: 1, ...json }))
// #endregion json

// #region headers
app.get('/api/show-headers', ({ request }) => ({
  user_agent: request.header('User-Agent') ?? null,
  accept: request.header('Accept') ?? null,
}))

const Paging = z.object({ 'x-page-size': z.int().max(100).default(20) })

app.get('/api/pages', { headers: Paging }, ({ headers }) => ({ size: headers['x-page-size'] }))
// #endregion headers

// #region methods
app.route(['GET', 'POST'], '/settings', ({ request }) => ({ method: request.method }))

app.delete('/settings', () => noContent())
// #endregion methods
