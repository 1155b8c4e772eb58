import { once } from 'node:events'
import { connect } from 'node:net'

/** Send one command; resolves with its reply. */
export type Send = (...words: readonly string[]) => Promise<Reply>

type Reply = string | number | null | Reply[]

/** Talk to a Redis server: the few commands that dividing it among tests takes. */
export async function withRedis<T>(server: string, use: (send: Send) => Promise<T>): Promise<T> {
  const { hostname, port, username, password } = new URL(server)
  const socket = connect(Number(port || 6379), hostname).setTimeout(5000, () =>
    socket.destroy(new Error('no answer in 5 s')),
  )
  try {
    await once(socket, 'connect')
    const read = reader(socket)
    const send: Send = (...words) => {
      const texts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
      socket.write(`*${words.length}\r\n${texts.join('')}`)
      return read()
    }
    const secret = decodeURIComponent(password)
    if (secret) await send('AUTH', decodeURIComponent(username) || 'default', secret)
    return await use(send)
  } finally {
    socket.destroy()
  }
}

/** Reads a reply of RESP 2 at every call; what it reads is short and of one byte a letter. */
function reader(socket: AsyncIterable<Buffer>): () => Promise<Reply> {
  const chunks = socket[Symbol.asyncIterator]()
  let rest = ''
  const more = async () => {
    const { value, done } = await chunks.next()
    if (done) throw new Error('the connection was closed')
    rest += value.toString('latin1')
  }
  const take = async (length: number) => {
    while (rest.length < length) await more()
    const text = rest.slice(0, length)
    rest = rest.slice(length)
    return text
  }
  const line = async () => {
    while (!rest.includes('\r\n')) await more()
    return (await take(rest.indexOf('\r\n') + 2)).slice(0, -2)
  }
  return async function read(): Promise<Reply> {
    const [kind, text] = [await take(1), await line()]
    if (kind === '-') throw new Error(text)
    if (kind === ':') return Number(text)
    if (kind === '+') return text
    const length = Number(text)
    if (length < 0) return null
    if (kind === '$') return (await take(length + 2)).slice(0, -2)
    const items: Reply[] = []
    while (items.length < length) items.push(await read())
    return items
  }
}
