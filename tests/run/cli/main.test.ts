import assert from 'node:assert/strict'
import { test } from 'node:test'
import { project } from './project.ts'

const APP = `
import { App, Blueprint } from 'dewar'
const tasks = new Blueprint('tasks', { prefix: '/tasks' })
tasks.get('/<int:id>', { name: 'show' }, () => ({}))
tasks.route(['PUT', 'PATCH'], '/<int:id>', { name: 'change' }, () => ({}))
export const app = new App('shop', { logger: false }).register(tasks)
app.post('/', { name: 'index', host: 'api.example.com' }, () => ({}))
app.get('/about', () => ({}))
app.onClose(() => { globalThis.closed = (globalThis.closed ?? 0) + 1 })
app.command({ name: 'init-db', summary: 'Make the tables', run: () => 3 })
app.command({ name: 'fail', summary: 'Fail', run: () => { throw new RangeError('no luck') } })
`

test('--help lists the commands, and those of the app', async () => {
  await using dir = project({ 'app.ts': APP })
  for (const argv of [['--help'], ['help'], ['-h']]) {
    const { code, out } = await dir.dewar(argv)
    assert.equal(code, 0)
    for (const line of [
      /^ {2}run /m,
      /^ {2}routes /m,
      /^ {2}shell /m,
      /^ {2}init-db +Make the tables$/m,
    ]) {
      assert.match(out, line)
    }
  }
  assert.match((await dir.dewar(['run', '--help'])).out, /--port[^]*--no-reload[^]*--app/)
})

test('--help survives an app that does not load, and says why in one line', async () => {
  await using dir = project({ 'app.ts': 'null.x\n' })
  const { code, out, err } = await dir.dewar(['--help'])
  assert.equal(code, 0)
  assert.equal(err, '')
  assert.match(out, /^The app's own commands are not known: TypeError: .* \(app\.ts:1\)$/m)
})

test('--version names Dewar and Node, without loading the app', async () => {
  await using dir = project({ 'app.ts': 'throw new Error("loaded")\n' })
  const { code, out } = await dir.dewar(['--version'])
  assert.equal(code, 0)
  assert.match(out, /^Dewar \d+\.\d+\.\d+\nNode \d+\.\d+\.\d+$/)
})

test('a wrong command line is exit code 2, and says what was probably meant', async () => {
  await using dir = project({ 'app.ts': APP })
  for (const [argv, message] of [
    [['ruotes'], /unknown command 'ruotes'\n?\(Did you mean routes\?\)/],
    [['init-bd'], /Did you mean init-db\?/],
    [['routes', '--jsno'], /unknown option '--jsno'[^]*--json/],
    [['routes', '--sort', 'size'], /Allowed choices are path, name/],
    [['run', '--port', '70000'], /A port is a number from 0 to 65535/],
    [['run', 'extra'], /too many arguments/],
    [[], /^Usage: dewar/],
  ] as const) {
    const { code, err } = await dir.dewar(argv)
    assert.equal(code, 2, argv.join(' '))
    assert.match(err, message)
  }
})

test('without an app, an unknown command says so too', async () => {
  await using dir = project()
  const { code, err } = await dir.dewar(['init-db'])
  assert.equal(code, 2)
  assert.match(err, /unknown command 'init-db'[^]*own commands are not known: There is no app in/)
})

test("the app's own command gives its exit code, and the app is closed after it", async () => {
  Reflect.set(globalThis, 'closed', 0)
  await using dir = project({ 'app.ts': APP })
  assert.deepEqual(await dir.dewar(['init-db']), { code: 3, out: '', err: '' })
  assert.equal(Reflect.get(globalThis, 'closed'), 1)

  await using other = project({ 'app.ts': APP })
  const { code, err } = await other.dewar(['fail'])
  assert.equal(code, 1)
  assert.match(err, /^RangeError: no luck\n\napp\.ts:11\n/)
  assert.equal(Reflect.get(globalThis, 'closed'), 2)
})

test('a command of the app that hides one of ours is refused', async () => {
  const app = `import { App } from 'dewar'
    export const app = new App('x').command({ name: 'run', summary: 'Run', run() {} })`
  await using dir = project({ 'app.ts': app })
  assert.match((await dir.dewar(['--help'])).out, /has a command "run", and there is one/)
})

test('routes lists methods as they are answered, path, name and blueprint', async () => {
  await using dir = project({ 'app.ts': APP })
  assert.deepEqual(
    (await dir.dewar(['routes'])).out.split('\n'),
    [
      'METHODS             PATH             NAME          BLUEPRINT  HOST',
      'OPTIONS, POST       /                index         -          api.example.com',
      'GET, HEAD, OPTIONS  /about           -             -          -',
      'GET, HEAD, OPTIONS  /tasks/<int:id>  tasks.show    tasks      -',
      'OPTIONS, PATCH, PUT  /tasks/<int:id>  tasks.change  tasks      -',
    ].map((line, i) => (i === 4 ? line : line.replace(/^(.{20})/, '$1 '))),
  )
})

test('routes can be filtered, sorted and read by programs', async () => {
  await using dir = project({ 'app.ts': APP })
  const names = async (...argv: string[]): Promise<unknown[]> => {
    const { out } = await dir.dewar(['routes', '--json', ...argv])
    const routes: { name: unknown }[] = JSON.parse(out)
    return routes.map((route) => route.name)
  }
  assert.deepEqual(await names('tasks.'), ['tasks.show', 'tasks.change'])
  assert.deepEqual(await names('/about'), [null])
  assert.deepEqual(await names('patch'), ['tasks.change'])
  assert.deepEqual(await names('nothing'), [])
  assert.deepEqual(await names('--sort', 'name'), [null, 'index', 'tasks.change', 'tasks.show'])
  const { out } = await dir.dewar(['routes', 'index', '--json'])
  assert.deepEqual(JSON.parse(out), [
    {
      methods: ['OPTIONS', 'POST'],
      path: '/',
      name: 'index',
      blueprint: null,
      host: 'api.example.com',
    },
  ])
  assert.equal((await dir.dewar(['routes', 'nothing'])).out, 'No route fits "nothing".')
})
