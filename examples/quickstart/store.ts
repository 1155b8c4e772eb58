import type { Extension } from 'dewar'
import type { z } from 'dewar/schema'

/** Whatever JSON can say. */
type JSONValue = z.core.util.JSONType

export interface Todo {
  id: number
  title: JSONValue
  done: boolean
}

export interface Item {
  id: number
  name: string
  price: number
  description: JSONValue
}

export interface Message {
  id: number
  text: string
}

/** What one app knows: gone when it stops. */
export class Store {
  messages: Message[] = []
  todos: Todo[] = [{ id: 1, title: 'Learn Flask', done: false }]
  items: Item[] = []
  nextItemId = 1
}

/** Gives every app a store of its own: `c.state(memory)`. */
export const memory: Extension<{ store: Store }> = {
  name: 'memory',
  setup: () => ({ store: new Store() }),
}
