/** Serving an app in a process of its own: `dewar/server`. */

export { type ListenOptions, type RunningServer, startServer } from './running_server.ts'
export { serve, type ServeOptions } from './serve.ts'
