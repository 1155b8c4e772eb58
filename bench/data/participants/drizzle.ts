import { serve } from '../serve.ts'
import { openDrizzlePostgresql } from './drizzle_postgresql.ts'
import { openDrizzleSqlite } from './drizzle_sqlite.ts'

serve(async (database, url) => (database === 'sqlite' ? openDrizzleSqlite(url) : openDrizzlePostgresql(url)))
