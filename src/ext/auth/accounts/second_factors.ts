import type { Context } from '../../../app/context.ts'
import { Conflict, Unauthorized } from '../../../http/errors.ts'
import type { Clock } from '../../../lib/clock.ts'
import { findRecoveryCode, generateRecoveryCodes } from '../../../token/recovery_codes.ts'
import { generateTOTPSecret, toTOTPAddress, verifyTOTP } from '../../../token/totp.ts'
import { audit } from './audit.ts'
import type { SecondFactor, SecondFactorStore } from './second_factor_store.ts'
import type { AccountTexts } from './texts.ts'
import type { Throttle } from './throttle.ts'

/** What an authenticator app must know; shown once. */
export interface ProposedFactor {
  readonly secret: string
  /** For a QR code. */
  readonly address: string
}

/** Codes of authenticator apps, asked for after the password. */
export class SecondFactors {
  readonly #store: SecondFactorStore
  readonly #throttle: Throttle
  readonly #texts: AccountTexts
  readonly #issuer: string
  readonly #now: Clock

  constructor(
    store: SecondFactorStore,
    throttle: Throttle,
    texts: AccountTexts,
    issuer: string,
    clock: Clock = Date.now,
  ) {
    this.#store = store
    this.#throttle = throttle
    this.#texts = texts
    this.#issuer = issuer
    this.#now = clock
  }

  async isAsked(subject: string): Promise<boolean> {
    return (await this.#store.find(subject))?.isConfirmed ?? false
  }

  /** @throws {Conflict} when there is one already: it must be removed first, with a code of it */
  async propose(subject: string, account: string): Promise<ProposedFactor> {
    if (await this.isAsked(subject)) {
      throw new Conflict(this.#texts.secondFactorExists, { code: 'second_factor_exists' })
    }
    const secret = generateTOTPSecret()
    await this.#store.propose(subject, secret)
    return { secret, address: toTOTPAddress(secret, { issuer: this.#issuer, account }) }
  }

  /** Ask for codes from now on. @returns recovery codes, to be shown once */
  async confirm(c: Context, subject: string, code: string): Promise<readonly string[]> {
    const factor = await this.#store.find(subject)
    if (factor?.isConfirmed) {
      throw new Conflict(this.#texts.secondFactorExists, { code: 'second_factor_exists' })
    }
    await this.#checked(c, subject, () => factor && this.#useCode(subject, factor, code))
    const { codes, hashes } = generateRecoveryCodes()
    await this.#store.confirm(subject, hashes)
    audit(c, 'second_factor_added', subject)
    return codes
  }

  /**
   * Let pass only with a code that counts: of the app, or for recovery. One without a second factor passes.
   *
   * @throws {Unauthorized} without one
   */
  async check(c: Context, subject: string, code: string | undefined): Promise<void> {
    const factor = await this.#store.find(subject)
    if (!factor?.isConfirmed) return
    if (code === undefined) {
      throw new Unauthorized(this.#texts.codeRequired, { code: 'second_factor_required' })
    }
    await this.#checked(c, subject, async () => {
      return (await this.#useCode(subject, factor, code)) || this.#useRecovery(c, subject, code)
    })
  }

  /** Ask no more. */
  async remove(c: Context, subject: string): Promise<void> {
    await this.#store.remove(subject)
    audit(c, 'second_factor_removed', subject)
  }

  /** Codes have a million values: attempts are counted, wherever they come from. */
  async #checked(
    c: Context,
    subject: string,
    isRight: () => Promise<boolean> | undefined,
  ): Promise<void> {
    const attempt = { account: `code:${subject}`, address: c.request.ip, signal: c.signal }
    await this.#throttle.admitCode(attempt)
    if (await isRight()) return this.#throttle.succeed(attempt)
    audit(c, 'second_factor_failed', subject)
    throw new Unauthorized(this.#texts.codeWrong, { code: 'second_factor_invalid' })
  }

  /** Each code once: of two who give the same one at once, the store lets one pass. */
  async #useCode(subject: string, { secret, lastStep }: SecondFactor, code: string) {
    const step = verifyTOTP(secret, code, { nowMs: this.#now(), afterStep: lastStep })
    return step !== undefined && this.#store.useStep(subject, step)
  }

  async #useRecovery(c: Context, subject: string, code: string): Promise<boolean> {
    const hashes = await this.#store.recoveryHashes(subject)
    const hash = hashes[findRecoveryCode(code, hashes)]
    if (hash === undefined || !(await this.#store.useRecoveryHash(subject, hash))) return false
    audit(c, 'recovery_code_used', subject)
    return true
  }
}
