import type { Transporter } from 'nodemailer'
import type { Mail, Mailer } from './mailer.ts'

export interface SMTPMailerOptions {
  /** `smtps://user:password@mail.example.com`, `smtp://127.0.0.1:1025`. */
  readonly url: string
  /** `'The shop <shop@example.com>'`. */
  readonly from: string
}

class SMTPMailer implements Mailer {
  readonly #options: SMTPMailerOptions
  #transporter: Promise<Transporter> | undefined = undefined

  constructor(options: SMTPMailerOptions) {
    this.#options = options
  }

  async send(mail: Mail): Promise<void> {
    this.#transporter ??= connect(this.#options.url)
    await (await this.#transporter).sendMail({ ...mail, from: this.#options.from })
  }

  async close(): Promise<void> {
    const transporter = await this.#transporter
    transporter?.close()
  }
}

/** Sends mail by SMTP, with the package `nodemailer`. */
export function smtpMailer(options: SMTPMailerOptions): Mailer {
  return new SMTPMailer(options)
}

async function connect(url: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer').catch((cause: unknown) => {
    throw new Error('Mail is sent with the package "nodemailer": npm install nodemailer', { cause })
  })
  return createTransport({ url, pool: true, maxConnections: 2, ...TIMEOUTS })
}

/** Nodemailer waits for minutes where nothing is said. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }
