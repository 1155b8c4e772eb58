import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { suite, test } from 'node:test'
import { migrationProject, TASK } from './project.ts'

suite('dewar db', () => {
  test('goes from models to tables, and from changed models to changed tables and back', async () => {
    using project = migrationProject()
    assert.match((await project.dewar('init')).out, /^Made /)
    assert.equal((await project.dewar('check')).code, 1)
    assert.equal((await project.dewar('migrate -m tasks')).code, 0)
    assert.match(project.lastRevision(), /op.createTable\('tasks'/)
    assert.equal((await project.dewar('check')).code, 0)
    assert.match((await project.dewar('current')).out, /no revision.\n1 of 1 revisions are to come/)
    assert.match((await project.dewar('upgrade')).out, /^\+ \w+ tasks$/)
    assert.match((await project.dewar('current')).out, /\(tasks\) \(head\)$/)

    using file = new DatabaseSync(join(project.dir, 'app.db'))
    file.exec(`insert into tasks (title) values ('one'), ('two')`)
    project.model(`${TASK}, due_date: date().nullable()`)
    const made = await project.dewar('migrate -m add_due_date --seed 7')
    assert.match(made.out, /Proven on sqlite: up, down and up again with 200 rows \(seed 7\)/)
    assert.match(project.lastRevision(), /Downgrade LOSES the values of tasks.due_date/)
    await project.dewar('upgrade')
    assert.equal((await project.dewar('check --database')).code, 0)
    file.exec(`update tasks set due_date = '2026-11-21'`)
    assert.match((await project.dewar('downgrade -1')).out, /^- \w+ add due date$/)
    assert.equal(file.prepare('select * from tasks').all().length, 2)
    assert.match(
      (await project.dewar('history')).out,
      /-> \w+ \(head\), .*, add due date\nbase -> /,
    )
    assert.match(
      (await project.dewar('show')).out,
      /\+ add column tasks.due_date\n {2}- drop column/,
    )
    assert.match((await project.dewar('upgrade --sql')).out, /^begin;\n.*create table "tasks"/ms)
    assert.equal((await project.dewar('prove')).code, 0)
  })

  test('refuses unknown and ambiguous targets with the list of those that there are', async () => {
    using project = migrationProject()
    await project.dewar('migrate -m tasks')
    const unknown = await project.dewar('upgrade nope')
    assert.equal(unknown.code, 1)
    assert.match(unknown.out, /^"nope" is no revision. Known are:\n {2}\w+ \(tasks\)$/)
  })

  test('asks about renames, takes them by flag, and says loudly when nobody can be asked', async () => {
    using project = migrationProject()
    await project.dewar('migrate -m tasks')
    project.model(TASK.replace('title', 'headline'))
    const asked = await project.dewar('migrate -m rename --force', ['y'])
    assert.match(asked.out, /Was "tasks.title" renamed to "headline"\? \[y\/N\]/)
    assert.match(project.lastRevision(), /op.renameColumn\('tasks', 'title', 'headline'\)/)

    project.model(TASK.replace('title', 'caption'))
    const wrong = await project.dewar('migrate -m rename --rename tasks.headlin:caption')
    assert.match(wrong.out, /no column of "tasks" "headlin". Did you mean/)
    assert.equal((await project.dewar('migrate -m flag --rename tasks.headline:caption')).code, 0)
    assert.match(project.lastRevision(), /op.renameColumn\('tasks', 'headline', 'caption'\)/)

    project.model(TASK.replace('title', 'label'))
    const loud = await project.dewar('migrate -m drop')
    assert.match(
      loud.out,
      /NOT ASKED about renames.*DROPPED.*\n! If it was renamed: --rename tasks.caption:label/,
    )
    assert.match(project.lastRevision(), /Upgrade LOSES the values of tasks.caption/)
  })

  test('finds two heads, and merges them', async () => {
    using project = migrationProject()
    await project.dewar('migrate -m tasks')
    const [base] = readdirSync(join(project.dir, 'migrations/versions'))
    const [, parent] = /_(\w{8})_/.exec(base ?? '') ?? []
    for (const id of ['aaaa1111', 'bbbb2222']) {
      writeFileSync(
        join(project.dir, `migrations/versions/${id}.ts`),
        `import { column, defineRevision } from 'dewar/db'
export const revision = defineRevision({
  id: '${id}', parents: ['${parent}'], message: '${id}', date: '2099-01-01',
  upgrade(op) { op.createTable('t_${id}', { id: column.id() }) },
  downgrade(op) { op.dropTable('t_${id}') },
})`,
      )
    }
    for (const line of ['upgrade', 'migrate -m more']) {
      const refused = await project.dewar(line)
      assert.equal(refused.code, 1)
      assert.match(refused.out, /several heads: aaaa1111 .*; bbbb2222 .*dewar db merge/)
    }
    assert.equal((await project.dewar('heads')).out.split('\n').length, 2)
    assert.equal((await project.dewar('merge -m join')).code, 0)
    assert.equal((await project.dewar('upgrade')).out.split('\n').length, 4)
  })

  test('writes no file that it cannot prove, unless it is told to', async () => {
    const checked = (sql: string) => `size: string(9)}, { checks: { c: "${sql}" }`
    using project = migrationProject(undefined, checked('length(size) > 0'))
    const refused = await project.dewar('migrate -m bad')
    assert.equal(refused.code, 0)
    project.model(checked('no_such_function(size)'))
    const bad = await project.dewar('migrate -m bad')
    assert.equal(bad.code, 1)
    assert.match(bad.out, /PROBLEM on sqlite: .*\nNot proven, so it was not written/s)
    assert.equal(readdirSync(join(project.dir, 'migrations/versions')).length, 1)
  })

  test('adopts a database that Alembic made', async () => {
    using project = migrationProject()
    using file = new DatabaseSync(join(project.dir, 'app.db'))
    file.exec(`create table alembic_version (version_num varchar(32) not null primary key);
      create table tasks (id INTEGER NOT NULL, title VARCHAR(150) NOT NULL, status VARCHAR(9),
        CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT uq_title UNIQUE (title));
      insert into tasks (title) values ('kept')`)
    await project.dewar('init')
    assert.match((await project.dewar('current')).out, /alembic_version/)
    const adopted = await project.dewar('introspect --revision')
    assert.match(
      adopted.out,
      /export const Task = model\('tasks', \{\n {2}id: id\(\),\n {2}title: string\(150\).unique\(\),/,
    )
    assert.match((await project.dewar('current')).out, /what was there/)
    assert.equal((await project.dewar('migrate -m ours')).code, 0)
    await project.dewar('upgrade')
    assert.equal((await project.dewar('check --database')).code, 0)
    assert.deepEqual(
      { ...file.prepare('select title, status from tasks').get() },
      { title: 'kept', status: 'pending' },
    )
  })
})
