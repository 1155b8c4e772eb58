import { App, Blueprint } from 'dewar'
import { hello } from './hello.ts'
const tasks = new Blueprint('tasks', { prefix: '/tasks' })
tasks.get('/<int:task_id>', { name: 'show' }, ({ params }) => ({ id: params.task_id }))
export const app = new App('try', { logger: false }).register(tasks)
app.get('/', { name: 'index' }, () => ({ hello }))
app.get('/boom', () => { throw new TypeError('no <b>', { cause: new Error('deep') }) })
app.get('/slow', async () => { await new Promise((r) => setTimeout(r, 5000)); return {} })
app.command({ name: 'greet', summary: 'Say hello', args: ['<name>'], options: { times: { type: 'number', short: 'n', default: 1 }, loud: { type: 'boolean' } },
  run: ({ args, options, print }) => { for (let i = 0; i < Number(options.times); i++) print(`hello ${args[0]}${options.loud ? '!' : ''}`) } })
app.command({ name: 'bad', summary: 'Fails', run: () => { throw new Error('bad thing') } })
