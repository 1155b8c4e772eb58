import { Blueprint, noContent } from 'dewar'
import { memory, Store } from './store.ts'

/** Puts the app back in its first state; registered in the testing profile only. */
export const resetRoute = new Blueprint('reset')

resetRoute.post('/__reset', (c) => {
  c.state(memory).store = new Store()
  return noContent()
})
