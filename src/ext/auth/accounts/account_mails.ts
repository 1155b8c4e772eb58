import { hash } from 'node:crypto'
import type { Logger } from '../../../app/logger.ts'
import type { Clock } from '../../../lib/clock.ts'
import { SignedValueError, SignedValues } from '../../../token/signed_value.ts'
import type { Account } from './account_store.ts'
import type { AccountMail } from './accounts_options.ts'
import type { AccountTexts, MailText } from './texts.ts'

const CONFIRM_MS = 86_400_000
const RESET_MS = 3_600_000

/** Mails with links that prove who reads them. */
export class AccountMails {
  readonly #mail: AccountMail
  readonly #texts: AccountTexts
  readonly #log: Logger
  readonly #confirm: SignedValues
  readonly #reset: SignedValues
  readonly #sending = new Set<Promise<void>>()

  constructor(mail: AccountMail, texts: AccountTexts, log: Logger, clock: Clock = Date.now) {
    this.#mail = mail
    this.#texts = texts
    this.#log = log
    const secrets = [mail.secret]
    this.#confirm = new SignedValues({ secrets, purpose: 'confirm mail address', clock })
    this.#reset = new SignedValues({ secrets, purpose: 'reset password', clock })
  }

  sendConfirmation(account: Account<unknown>): void {
    const token = this.#confirm.sign([account.subject, account.email], CONFIRM_MS)
    this.#send(account, this.#texts.confirmMail(this.#mail.confirmURL(token)))
  }

  sendReset(account: Account<unknown>): void {
    this.#send(account, this.#texts.resetMail(this.#resetURL(account)))
  }

  sendTaken(account: Account<unknown>): void {
    this.#send(account, this.#texts.takenMail(this.#resetURL(account)))
  }

  /** @returns whose address a link confirms; undefined where it is none of ours, or too old */
  readConfirmation(token: string): { subject: string; email: string } | undefined {
    const [subject, email] = read(this.#confirm, token) ?? []
    return subject === undefined || email === undefined ? undefined : { subject, email }
  }

  /** @returns whose password a link resets; {@link isCurrent} says whether it still may */
  readReset(token: string): { subject: string; fingerprint: string } | undefined {
    const [subject, fingerprint] = read(this.#reset, token) ?? []
    return subject === undefined || fingerprint === undefined ? undefined : { subject, fingerprint }
  }

  /** A link works once: it names the password that it replaces. */
  isCurrent(account: Account<unknown>, fingerprint: string): boolean {
    return fingerprintOf(account) === fingerprint
  }

  /** Let mails that are being sent go out. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#sending)
    await this.#mail.mailer.close?.()
  }

  #resetURL(account: Account<unknown>): string {
    const token = this.#reset.sign([account.subject, fingerprintOf(account)], RESET_MS)
    return this.#mail.resetURL(token)
  }

  /** Nobody waits for it: how long it takes would tell whether there is an account. */
  #send({ email, subject: user }: Account<unknown>, { subject, text }: MailText): void {
    const sent = this.#mail.mailer
      .send({ to: email, subject, text })
      .catch((error: unknown) => this.#log.error({ err: error, user }, 'a mail could not be sent'))
      .finally(() => this.#sending.delete(sent))
    this.#sending.add(sent)
  }
}

function read(values: SignedValues, token: string): string[] | undefined {
  try {
    const value: unknown = values.read(token)
    return Array.isArray(value) ? value.map(String) : undefined
  } catch (error) {
    if (error instanceof SignedValueError) return undefined
    throw error
  }
}

function fingerprintOf({ passwordHash, email }: Account<unknown>): string {
  return hash('sha256', `${email}\n${passwordHash}`, 'base64url').slice(0, 22)
}
