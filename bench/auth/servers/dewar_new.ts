import { serveDewar } from './dewar_app.ts'

// Every token is new to it.
await serveDewar({ remembered: 0 })
