import type { Context } from '../../../app/context.ts'

/** What is worth a line in the log, with who and from where, so that it can be found afterwards. */
export type AuditEvent =
  | 'account_registered'
  | 'account_exists'
  | 'email_confirmed'
  | 'login_succeeded'
  | 'login_failed'
  | 'login_refused'
  | 'logged_out'
  | 'password_changed'
  | 'password_change_failed'
  | 'password_hash_unreadable'
  | 'password_reset_asked'
  | 'password_reset'
  | 'second_factor_added'
  | 'second_factor_removed'
  | 'second_factor_failed'
  | 'recovery_code_used'

const FAILURES: ReadonlySet<AuditEvent> = new Set([
  'login_failed',
  'login_refused',
  'password_change_failed',
  'password_hash_unreadable',
  'second_factor_failed',
])

/** Write an audit line. Names that nobody has are left out: people type their password there. */
export function audit(c: Context, event: AuditEvent, subject: string | undefined): void {
  const fields = { event, subject, address: c.request.ip }
  if (FAILURES.has(event)) c.log.warn(fields, 'audit')
  else c.log.info(fields, 'audit')
}
