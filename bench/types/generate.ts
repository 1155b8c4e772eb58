import { mkdirSync, writeFileSync } from 'node:fs'

const ROUTES_A_FILE = 20

/** Write an app of so many typed routes, twenty to a blueprint and file, into a new folder. */
export function generate(folder: string, routes: number): void {
  mkdirSync(folder, { recursive: true })
  const files = Math.ceil(routes / ROUTES_A_FILE)
  for (let file = 0; file < files; file++) {
    const first = file * ROUTES_A_FILE
    const count = Math.min(ROUTES_A_FILE, routes - first)
    writeFileSync(`${folder}/routes_${file}.ts`, toBlueprint(file, first, count))
  }
  writeFileSync(`${folder}/app.ts`, toApp(files))
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(TSCONFIG, null, 2))
}

/** A user's own settings; `dewar` is the declarations that users get, see `run.ts`. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
    paths: { dewar: ['../dewar/index.d.ts'], 'dewar/schema': ['../dewar/schema/index.d.ts'] },
  },
  include: ['.'],
}

function toApp(files: number): string {
  const numbers = Array.from({ length: files }, (_, i) => i)
  return [
    `import { App } from 'dewar'`,
    ...numbers.map((i) => `import { routes${i} } from './routes_${i}.ts'`),
    `export const app = new App('bench')`,
    ...numbers.map((i) => `app.register(routes${i})`),
    '',
  ].join('\n')
}

function toBlueprint(file: number, first: number, count: number): string {
  const routes = Array.from({ length: count }, (_, i) => {
    const number = first + i
    return number % 2 ? toPost(number) : toGet(number)
  })
  return [
    `import { Blueprint, created } from 'dewar'`,
    `import { z } from 'dewar/schema'`,
    `export const routes${file} = new Blueprint('routes${file}')`,
    'void created',
    ...routes,
  ].join('\n')
}

function toGet(i: number): string {
  return `
const Query${i} = z.object({
  q: z.string().min(1).max(100),
  page: z.int().min(1).default(1),
  size: z.int().max(100).catch(20),
  active: z.boolean().optional(),
  sort${i}: z.enum(['name', 'price']).default('name'),
})
const Found${i} = z.object({
  id: z.int(),
  q: z.string(),
  page: z.int(),
  size: z.int(),
  active: z.boolean(),
  sort${i}: z.enum(['name', 'price']),
})
export const find${i} = routes${Math.floor(i / ROUTES_A_FILE)}.get(
  '/find${i}/<int:shelf_id>',
  { summary: 'Find ${i}', query: Query${i}, output: Found${i} },
  ({ params, query }) => ({
    id: params.shelf_id,
    q: query.q.trim(),
    page: query.page + 1,
    size: query.size,
    active: query.active ?? false,
    sort${i}: query.sort${i},
  }),
)`
}

function toPost(i: number): string {
  return `
const In${i} = z.object({
  title: z.string().min(1).max(200),
  price: z.number().min(0),
  status: z.enum(['pending', 'done', 'failed']).default('pending'),
  due: z.iso.date().nullable(),
  tags: z.array(z.string()),
  note${i}: z.string().optional(),
})
const Out${i} = z.object({
  id: z.int(),
  title: z.string(),
  price: z.number(),
  status: z.enum(['pending', 'done', 'failed']),
  due: z.iso.date().nullable(),
  tags: z.array(z.string()),
  owner: z.object({ id: z.int(), name: z.string() }),
  note${i}: z.string().nullable(),
  slug: z.string(),
})
export const create${i} = routes${Math.floor(i / ROUTES_A_FILE)}.post(
  '/shelves${i}/<int:shelf_id>/<string:slug>',
  { summary: 'Create ${i}', json: In${i}, output: { 201: Out${i} } },
  async ({ params, json }) =>
    created({
      id: params.shelf_id,
      title: json.title,
      price: json.price * 2,
      status: json.status,
      due: json.due,
      tags: json.tags,
      owner: { id: 1, name: 'Ada' },
      note${i}: json.note${i} ?? null,
      slug: params.slug.toUpperCase(),
    }),
)`
}
