/** How a process uses a server. */
export interface ServerSettings {
  /** How many connections it has at most. */
  readonly maxConnections?: number | undefined
  /** How long a connection stays open that nobody uses. */
  readonly idleMs?: number | undefined
  /** How long the server may work at one statement. SQLite's run in this thread, which cannot look at the clock meanwhile. */
  readonly statementTimeoutMs?: number | undefined
}
