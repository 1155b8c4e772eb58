import { serve } from '../serve.ts'
import { openRawPostgresql } from './raw_postgresql.ts'
import { openRawSqlite } from './raw_sqlite.ts'

serve(async (database, url) => (database === 'sqlite' ? openRawSqlite(url) : openRawPostgresql(url)))
