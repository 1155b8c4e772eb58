import { Blueprint, created, InvalidInput, UnsupportedMediaType } from 'dewar'
import { excludeUnknown, z } from 'dewar/schema'
import { memory } from './store.ts'

const Message = z.object({ id: z.int(), text: z.string() })
const MessageIn = excludeUnknown(z.object({ text: z.string().min(1) }))

export const messages = new Blueprint('messages', { prefix: '/api/messages' })

messages.get('', { output: z.array(Message) }, (c) => c.state(memory).store.messages)

messages.post('', { form: MessageIn, output: { 201: Message } }, (c) => {
  const list = c.state(memory).store.messages
  const message = { id: list.length + 1, text: c.form.text }
  list.push(message)
  return created(message)
})

/** A body that is no form has no field either: both are one mistake here. */
function missing() {
  return [{ error: "Missing 'text'" }, 400]
}

messages.onError(InvalidInput, missing).onError(UnsupportedMediaType, missing)
