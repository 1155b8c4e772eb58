import { abort, Blueprint, created, middleware, noContent } from 'dewar'
import { schemaOf } from 'dewar/db'
import { z } from 'dewar/schema'
import { db } from './extensions.ts'
import { Cookie } from './models.ts'

/** A number in JSON, exact cents in the database. */
const Price = z.codec(z.number().min(0).max(999_999.99), z.string(), {
  decode: (number) => number.toFixed(2),
  encode: Number,
})
const Slug = z
  .string()
  .max(80)
  .regex(/^[a-z\d]+(?:-[a-z\d]+)*$/, "'slug' must be lower case letters, digits and dashes")
const Name = z
  .string({
    error: ({ input }) => (input === undefined ? "Missing 'name'" : "'name' must be text"),
  })
  .min(1, "Missing 'name'")
  .max(80)
const schemas = schemaOf(Cookie, { fields: { name: Name, slug: Slug.optional() } })

const CookieIn = schemas.load.extend({ price: Price.nullable().optional() })
const CookiePatch = schemas.patch.extend({ price: Price.nullable().optional() })
const CookieOut = schemas.dump.extend({ price: Price.nullable() })

export const cookies = new Blueprint('cookies')

const CookieId = '/<int:cookie_id>'

/** The cookie that the path names, to be changed: 404 comes before anything in the body. */
const loadCookie = middleware<{ cookie: Cookie }, { cookie_id: number }>(async (c, next) =>
  next({ cookie: await found(db.find(Cookie).where({ id: c.params.cookie_id }).lock()) }),
)

async function found(rows: { first(): Promise<Cookie | undefined> }): Promise<Cookie> {
  return (await rows.first()) ?? abort(404, 'Cookie not found')
}

cookies.get('', { name: 'list', summary: 'List cookies', output: z.array(CookieOut) }, () =>
  db.find(Cookie).orderBy('id').all(),
)

const showCookie = cookies.get(
  CookieId,
  { name: 'show', summary: 'Show a cookie', output: CookieOut },
  ({ params }) => found(db.find(Cookie).where({ id: params.cookie_id })),
)

cookies.get(
  '/<slug>',
  { name: 'show_by_slug', summary: 'Show a cookie by its slug', output: CookieOut },
  ({ params }) => found(db.find(Cookie).where({ slug: params.slug })),
)

cookies.post(
  '',
  { name: 'create', summary: 'Create a cookie', json: CookieIn, output: { 201: CookieOut } },
  async ({ json, urlFor }) => {
    const slug = json.slug ?? toSlug(json.name)
    const cookie = await db.insert(Cookie, { ...json, slug })
    return created(cookie, urlFor(showCookie, { cookie_id: cookie.id }))
  },
)

cookies.patch(
  CookieId,
  {
    name: 'change',
    summary: 'Change a cookie',
    use: [loadCookie],
    json: CookiePatch,
    output: CookieOut,
  },
  ({ cookie, json }) => db.update(Cookie, cookie, json),
)

cookies.delete(
  CookieId,
  { name: 'delete', summary: 'Delete a cookie', use: [loadCookie] },
  async ({ cookie }) => {
    await db.delete(Cookie, cookie.id)
    return noContent()
  },
)

/** Lower case, and dashes for all that is no letter or digit. */
function toSlug(name: string): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return slug === '' ? abort(400, "The name makes no slug; send 'slug' too") : slug
}
