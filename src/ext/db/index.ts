/** Models, and the database of an app: typed rows, one unit of work a request. */

export type { Collation, Column, MakeValue, Reference, ReferenceOptions } from '../../sql/column.ts'
export type { ColumnType, DialectName, SQLText } from '../../sql/column_type.ts'
export {
  bigint,
  binary,
  boolean,
  date,
  datetime,
  decimal,
  enumeration,
  float,
  id,
  integer,
  json,
  newUuid,
  now,
  reference,
  string,
  text,
  time,
  uuid,
  version,
} from '../../sql/columns.ts'
export { DatabaseDefault, databaseNow } from '../../sql/database_default.ts'
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
  ConnectionLost,
  DatabaseBusy,
  DatabaseError,
  DatabaseUnavailable,
  DataError,
  Deadlock,
  ForeignKeyViolation,
  NotNullViolation,
  SerializationFailure,
  StatementCancelled,
  StatementTimeout,
  StaleRow,
  UniqueViolation,
} from '../../sql/errors.ts'
export { type Aggregate, avg, count, countDistinct, max, min, sum } from '../../sql/aggregate.ts'
export type { CursorOptions, CursorPage } from '../../sql/cursor_page.ts'
export type { Find } from '../../sql/find.ts'
export { column } from '../../sql/migrate/column_definitions.ts'
export { MigrationError } from '../../sql/migrate/errors.ts'
export { distinct, type Operations } from '../../sql/migrate/operations.ts'
export { defineRevision, type Revision } from '../../sql/migrate/revision.ts'
export type { Page, PageOptions } from '../../sql/page.ts'
export {
  belongsTo,
  hasMany,
  hasOne,
  type ManyOptions,
  manyToMany,
  type Relation,
  type RelationOptions,
  type Relations,
  type ThroughOptions,
  type With,
} from '../../sql/relation.ts'
export type { StreamOptions } from '../../sql/stream.ts'
export type { UpsertOptions } from '../../sql/upsert.ts'
export type { KyselyTables } from '../../sql/kysely_tables.ts'
export {
  type Insert,
  type Model,
  model,
  type ModelOptions,
  type Row,
  type Update,
} from '../../sql/model.ts'
export { type ModelSchemas, type SchemaOptions, schemaOf } from '../../sql/schema_of.ts'
export {
  type Database,
  database,
  type DatabaseOptions,
  type PoolOptions,
  type DatabaseParts,
  type GetOptions,
} from './database.ts'
export { type Factory, factory, type Makers } from './factory.ts'
export type { IsolationLevel } from '../../sql/driver.ts'
export type { TransactionOptions } from '../../sql/session.ts'
export type { Keys, Rows, TouchedRows } from '../../sql/touches.ts'
export { type Tables, touching } from '../../sql/touching.ts'
export type {
  CommitListener,
  CommitReport,
  StatementListener,
  StatementReport,
} from './observers.ts'
export { sql } from 'kysely'
