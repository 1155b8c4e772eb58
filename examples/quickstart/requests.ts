import { Blueprint, InvalidInput } from 'dewar'
import { z } from 'dewar/schema'

/** What can be read from a request: path, query, headers. */
export const requests = new Blueprint('requests')

requests.get('/product/<product_sku>', ({ params }) => ({
  message: `Fetching details for product SKU: ${params.product_sku}`,
  sku: params.product_sku,
}))

const Search = z.object({
  q: z.string().min(1),
  limit: z.int().catch(20),
  sort: z.string().default('default'),
})

requests.get('/api/search', { query: Search }, ({ query: { q, limit, sort } }) => ({
  query_received: q,
  limit_applied: limit,
  sorting: sort,
  results: [1, 2].slice(0, Math.max(limit, 0)).map((n) => `Result for '${q}' - ${n}`),
}))

requests.onError(InvalidInput, () => [{ error: "Missing 'q' query parameter" }, 400])

requests.get('/api/show-headers', ({ request }) => ({
  message: 'Showing selected request headers',
  user_agent: request.header('User-Agent') ?? null,
  accept_header: request.header('Accept') ?? null,
  all_headers: Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [toTitleCase(name), String(value)]),
  ),
}))

/** `x-custom-header` → `X-Custom-Header` */
function toTitleCase(name: string): string {
  return name.replaceAll(/(?<![^-])[a-z]/g, (letter) => letter.toUpperCase())
}
