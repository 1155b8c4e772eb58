/** Models, and the database of an app: typed rows, one unit of work a request. */

export {
  boolean,
  type Column,
  date,
  datetime,
  enumeration,
  float,
  id,
  integer,
  type MakeValue,
  now,
  string,
  text,
} from '../../sql/column.ts'
export {
  and,
  type Compound,
  type Condition,
  type Match,
  not,
  type Operators,
  or,
  type Order,
  type Where,
} from '../../sql/condition.ts'
export {
  CheckViolation,
  DatabaseBusy,
  DatabaseError,
  DatabaseUnavailable,
  DataError,
  ForeignKeyViolation,
  NotNullViolation,
  UniqueViolation,
} from '../../sql/errors.ts'
export type { Find } from '../../sql/find.ts'
export type { KyselyTables } from '../../sql/kysely_tables.ts'
export { type Insert, type Model, model, type Row, type Update } from '../../sql/model.ts'
export { type ModelSchemas, type SchemaOptions, schemaOf } from '../../sql/schema_of.ts'
export { type Database, database, type DatabaseOptions, type ReadOptions } from './database.ts'
export { sql } from 'kysely'
