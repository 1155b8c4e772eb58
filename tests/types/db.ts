import {
  and,
  belongsTo,
  bigint,
  binary,
  boolean,
  count,
  database,
  date,
  datetime,
  decimal,
  enumeration,
  hasMany,
  id,
  type Insert,
  integer,
  json,
  manyToMany,
  model,
  not,
  now,
  or,
  reference,
  type Row,
  schemaOf,
  string,
  sum,
  text,
  type Update,
  uuid,
} from 'dewar/db'
import { z } from 'dewar/schema'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Flat<T> = { [K in keyof T]: T[K] }

const Task = model('tasks', {
  id: id(),
  title: string(150),
  description: text().nullable(),
  status: enumeration(['pending', 'completed']).default('pending'),
  points: integer().nullable().default(3),
  is_done: boolean().default(false).nullable(),
  due_date: date().nullable(),
  created_at: datetime().default(now).readOnly(),
})
const db = database([Task])

true satisfies Equal<
  Row<typeof Task>,
  {
    readonly id: number
    readonly title: string
    readonly description: string | null
    readonly status: 'pending' | 'completed'
    readonly points: number | null
    readonly is_done: boolean | null
    readonly due_date: string | null
    readonly created_at: Date
  }
>
true satisfies Equal<
  Flat<Insert<typeof Task>>,
  {
    readonly title: string
    readonly id?: number | undefined
    readonly description?: string | null | undefined
    readonly status?: 'pending' | 'completed' | undefined
    readonly points?: number | null | undefined
    readonly is_done?: boolean | null | undefined
    readonly due_date?: string | null | undefined
    readonly created_at?: Date | undefined
  }
>
true satisfies Equal<keyof Update<typeof Task>, Exclude<keyof Row<typeof Task>, 'id'>>

const { load, patch, dump } = schemaOf(Task, { hide: ['points'], readOnly: ['is_done'] })
true satisfies Equal<
  z.output<typeof load>,
  {
    title: string
    status: 'pending' | 'completed'
    points: number | null
    description?: string | null | undefined
    due_date?: string | null | undefined
  }
>
true satisfies Equal<
  z.output<typeof patch>,
  {
    title?: string | undefined
    status?: 'pending' | 'completed' | undefined
    points?: number | null | undefined
    description?: string | null | undefined
    due_date?: string | null | undefined
  }
>
true satisfies Equal<
  z.output<typeof dump>,
  {
    id: number
    title: string
    description: string | null
    status: 'pending' | 'completed'
    is_done: boolean | null
    due_date: string | null
    created_at: Date
  }
>

export function typeTests(input: z.output<typeof load>, part: z.output<typeof patch>): void {
  void (db.insert(Task, input) satisfies Promise<Row<typeof Task>>)
  void (db.update(Task, 1, part) satisfies Promise<Row<typeof Task> | undefined>)
  db.find(Task)
    .where({ id: { gt: 3 }, status: ['pending'], due_date: null })
    .orderBy('-id')
  db.find(Task).where(or({ status: 'pending' }, and({ id: 3 }, not({ title: { like: 'a%' } }))))

  // @ts-expect-error -- no such column
  db.find(Task).where({ titel: 'a' })
  // @ts-expect-error -- not a status
  db.find(Task).where({ status: 'done' })
  // @ts-expect-error -- not a status, inside
  db.find(Task).where(or({ status: 'done' }))
  // @ts-expect-error -- text operators are for text
  db.find(Task).where({ id: { like: '1%' } })
  // @ts-expect-error -- no such operator
  db.find(Task).where({ id: { above: 3 } })
  // @ts-expect-error -- never null
  db.find(Task).where({ title: null })
  // @ts-expect-error -- no such column
  db.find(Task).orderBy('-titel')
  // @ts-expect-error -- a title is required
  void db.insert(Task, { status: 'pending' })
  // @ts-expect-error -- no such column
  void db.insert(Task, { title: 'a', titel: 'a' })
  // @ts-expect-error -- the key does not change
  void db.update(Task, 1, { id: 2 })
  // @ts-expect-error -- keys are numbers
  void db.get(Task, '1')
  // @ts-expect-error -- no such table
  db.kysely.selectFrom('task')
  // @ts-expect-error -- no such column to hide
  schemaOf(Task, { hide: ['titel'] })
  // @ts-expect-error -- clients cannot set the key
  schemaOf(Task, { fields: { id: load } })
  // @ts-expect-error -- not one of the values
  enumeration(['a', 'b']).default('c')
  // @ts-expect-error -- not a number
  integer().default('1')
}

const Author = model('authors', {
  id: uuid().primary(),
  name: string(50),
  secret: string(80).writeOnly(),
  big: bigint().nullable(),
  data: json(z.object({ tags: z.array(z.string()) })),
  picture: binary().nullable(),
})
const Book = model(
  'books',
  { id: id(), author_id: reference(Author), price: decimal(8, 2), editor_id: uuid().nullable() },
  { indexes: [{ columns: ['author_id', '-price'] }] },
)
const Tag = model('tags', {
  book_id: reference(Book).primary(),
  author_id: reference(Author).primary(),
})
const library = database([Author, Book, Tag], {
  relations: {
    authors: { books: hasMany(Book), tagged: manyToMany(Book, { through: Tag }) },
    books: {
      author: belongsTo(Author),
      editor: belongsTo(Author, { via: 'editor_id', optional: true }),
    },
  },
})

true satisfies Equal<Row<typeof Book>['author_id'], string>
true satisfies Equal<Insert<typeof Author>['data'], { tags: string[] }>
true satisfies Equal<
  keyof z.output<ReturnType<typeof authorSchemas>['dump']>,
  'id' | 'name' | 'big' | 'data' | 'picture'
>

function authorSchemas() {
  return schemaOf(Author)
}

export async function relationTests(): Promise<void> {
  const [book] = await library.find(Book).with({ author: { books: true }, editor: true })
  if (!book) return
  book.author.name satisfies string
  book.author.books[0]?.price satisfies string | undefined
  book.editor?.name satisfies string | undefined
  // @ts-expect-error -- there may be none
  book.editor.name satisfies string
  const author = await library.getOr404(Author, 'x', undefined, {
    with: { tagged: { editor: true } },
  })
  author.tagged[0]?.editor?.name satisfies string | undefined
  library.find(Book).where({ author: { books: { price: { gt: '1' } } } })
  library.find(Author).where(or({ books: {} }, not({ tagged: { author: { name: 'a' } } })))
  const [totals] = await library
    .find(Book)
    .aggregate({ n: count(), total: sum('price') }, { by: ['author_id'] })
  true satisfies Equal<
    Flat<NonNullable<typeof totals>>,
    { readonly author_id: string; readonly n: number; readonly total: string | null }
  >
  const names = await library.find(Author).select('name')
  true satisfies Equal<Flat<(typeof names)[number]>, { readonly name: string }>
  await library.get(Tag, { book_id: 1, author_id: 'x' })
  await library.upsert(Book, { author_id: 'x', price: '1' }, { on: ['author_id'] })

  // @ts-expect-error -- not asked for
  void book.author.tagged
  // @ts-expect-error -- no such relation
  library.find(Book).with({ authors: true })
  // @ts-expect-error -- no such column there
  library.find(Book).where({ author: { title: 'a' } })
  // @ts-expect-error -- not a value of the column there
  library.find(Book).where({ author: { name: 3 } })
  // @ts-expect-error -- both columns make the key
  await library.get(Tag, 1)
  // @ts-expect-error -- no such column to sum
  void library.find(Book).aggregate({ total: sum('prize') })
  // @ts-expect-error -- no such column to select
  library.find(Author).select('nme')
  // @ts-expect-error -- no such column to index
  model('x', { id: id() }, { indexes: [{ columns: ['other'] }] })
  // @ts-expect-error -- no such table
  database([Author], { relations: { author: { books: hasMany(Book) } } })
  // @ts-expect-error -- a decimal is text
  void library.insert(Book, { author_id: 'x', price: 1 })
}
