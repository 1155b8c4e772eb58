/** What the database answered in place of doing what it was told. Messages hold no SQL and no values. */
export class DatabaseError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

/** Another row has the same value in columns that are unique. */
export class UniqueViolation extends DatabaseError {
  readonly table: string | undefined
  /** In the order of the index; none when it is made of expressions. */
  readonly columns: readonly string[]

  constructor(table: string | undefined, columns: readonly string[], options?: ErrorOptions) {
    super(`Another row of ${table ?? 'the table'} has the same ${list(columns)}.`, options)
    this.table = table
    this.columns = columns
  }
}

/** A row refers to one that does not exist, or one that others refer to was to go. */
export class ForeignKeyViolation extends DatabaseError {
  constructor(options?: ErrorOptions) {
    super('A row refers to one that does not exist, or is referred to by others.', options)
  }
}

/** A column that must have a value has none. */
export class NotNullViolation extends DatabaseError {
  readonly table: string | undefined
  readonly column: string | undefined

  constructor(table: string | undefined, column: string | undefined, options?: ErrorOptions) {
    super(`${table ?? 'The table'} needs a value for ${column ?? 'a column'}.`, options)
    this.table = table
    this.column = column
  }
}

/** A row does not pass a check of its table, such as the length of a text. */
export class CheckViolation extends DatabaseError {
  /** Undefined when the check is not one of a model's columns. */
  readonly column: string | undefined
  readonly constraint: string | undefined

  constructor(constraint: string | undefined, column: string | undefined, options?: ErrorOptions) {
    super(`A row does not pass the check ${constraint ?? 'of its table'}.`, options)
    this.constraint = constraint
    this.column = column
  }
}

/** A row was changed by others since it was read; its version says so. */
export class StaleRow extends DatabaseError {
  readonly table: string

  constructor(table: string) {
    super(`The row of ${table} was changed since it was read.`)
    this.table = table
  }
}

/** A value that the column cannot hold: of another type, out of range, or text with NUL or half characters. */
export class DataError extends DatabaseError {
  readonly column: string | undefined

  constructor(message: string, column?: string, options?: ErrorOptions) {
    super(message, options)
    this.column = column
  }
}

interface BusyOptions extends ErrorOptions {
  /** Why, where nobody holds a lock. */
  readonly because?: string
}

/** Others held the lock for longer than the deadline; the same may work later. */
export class DatabaseBusy extends DatabaseError {
  /** Who held the write lock: a route of this app, or another process. */
  readonly holder: string | undefined

  constructor(waitedMs: number, holder: string | undefined, options: BusyOptions = {}) {
    const because = holder === undefined ? options.because : `the lock was held by ${holder}`
    const why = because === undefined ? '' : `; ${because}`
    super(`The database was busy for ${Math.round(waitedMs)} ms${why}.`, options)
    this.holder = holder
  }
}

/** Two units of work contradict each other; this one is undone, and the same may work when it is done again. */
export class SerializationFailure extends DatabaseError {
  constructor(options?: ErrorOptions) {
    super('Another unit of work changed what this one stands on.', options)
  }
}

/** Units of work wait for each other; the database chose this one to be undone. The same may work when it is done again. */
export class Deadlock extends DatabaseError {
  constructor(options?: ErrorOptions) {
    super('Units of work waited for each other, and this one was undone.', options)
  }
}

/** A statement ran for longer than the option `statementTimeout`. */
export class StatementTimeout extends DatabaseError {
  constructor(options?: ErrorOptions) {
    super('A statement took longer than it may.', options)
  }
}

/** A statement was stopped, as nobody waits for it any more. */
export class StatementCancelled extends DatabaseError {
  constructor(options?: ErrorOptions) {
    super('A statement was stopped before it was done.', options)
  }
}

/** The connection broke within a unit of work, of which nothing is kept; when it broke at the commit, that is not known. */
export class ConnectionLost extends DatabaseError {
  constructor(message = 'The connection to the database was lost.', options?: ErrorOptions) {
    super(message, options)
  }
}

/** A statement writes outside of a transaction, which its text did not tell. */
export class WriteInRead extends DatabaseError {
  constructor(options?: ErrorOptions) {
    super('A statement that was taken for a read writes.', options)
  }
}

/** The database cannot work now: its disk is full or fails, or it cannot be opened. */
export class DatabaseUnavailable extends DatabaseError {}

function list(columns: readonly string[]): string {
  return columns.length > 0 ? columns.join(', ') : 'value'
}
