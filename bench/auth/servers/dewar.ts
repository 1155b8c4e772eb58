import { serveDewar } from './dewar_app.ts'

await serveDewar()
