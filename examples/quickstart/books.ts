import { Blueprint } from 'dewar'
import { z } from 'dewar/schema'

const BOOKS = [
  { id: 1, title: 'Python Basics' },
  { id: 2, title: 'Flask for Beginners' },
]

const Book = z.object({ id: z.int(), title: z.string() })
const Failure = z.object({ error: z.string() })
const Search = z.object({ title: z.string().default('') })

export const books = new Blueprint('books', { prefix: '/api/books' })

books.get('', { output: z.array(Book) }, () => BOOKS)

books.get('/<int:book_id>', { output: { 200: Book, 404: Failure } }, ({ params }) => {
  const book = BOOKS.find(({ id }) => id === params.book_id)
  return book ?? [{ error: 'Book not found' }, 404]
})

books.get('/search', { query: Search, output: z.array(Book) }, ({ query }) => {
  const wanted = query.title.toLowerCase()
  return BOOKS.filter(({ title }) => title.toLowerCase().includes(wanted))
})
