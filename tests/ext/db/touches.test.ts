import { after, before, suite } from 'node:test'
import { forEachDatabase } from '../../services/databases.ts'
import { kyselySuite } from './touches/kysely.ts'
import { modelSuite } from './touches/models.ts'
import { reportsSuite } from './touches/reports.ts'
import { serverSuite } from './touches/servers.ts'
import { sqliteSuite } from './touches/sqlite.ts'
import { watchedApp } from './touches/watched.ts'

await forEachDatabase((name, { url, skip }) => {
  suite(`touches, on ${name}`, { skip }, () => {
    const app = watchedApp(url)
    before(() => app.ready())
    after(() => app.close())
    modelSuite(app)
    kyselySuite(app)
    reportsSuite(app)
    if (name === 'sqlite') sqliteSuite(app)
    else serverSuite(app, name)
  })
})
