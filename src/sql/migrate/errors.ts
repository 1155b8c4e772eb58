/** A migration cannot be done as it is asked for; nothing was changed by what failed. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}
