import type { SQLText } from './column_type.ts'

/** A default that the database makes, where an insert does not say. */
export class DatabaseDefault {
  readonly expression: SQLText

  /** @param expression SQL of a constant or a call, as it stands after `DEFAULT` */
  constructor(expression: SQLText) {
    this.expression = expression
  }
}

/** The time of the database's own clock, to the millisecond, for a `datetime()`. */
export const databaseNow = new DatabaseDefault({
  sqlite: `(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`,
  postgresql: `date_trunc('milliseconds', clock_timestamp())`,
  mariadb: 'current_timestamp(3)',
})
