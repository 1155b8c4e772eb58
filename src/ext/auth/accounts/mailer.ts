/** A mail of plain text. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Sends mail. `smtpMailer` does by SMTP. */
export interface Mailer {
  send(mail: Mail): Promise<void>
  close?(): void | Promise<void>
}
