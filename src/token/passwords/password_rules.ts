import { isCommonPassword } from './common_passwords.ts'
import { isPossible, MAX_PASSWORD_BYTES, normalize } from './password_text.ts'

export interface PasswordRulesOptions {
  /** Fewest characters. Default 8; 15 where the password is the only factor, says NIST SP 800-63B. */
  minLength?: number
  /** Whether passwords that attackers try first are accepted. Default false. */
  allowCommon?: boolean
  /** Whether a password may be the user's name or address with hardly more. Default false. */
  allowPersonal?: boolean
}

export type PasswordRule =
  | 'password_too_short'
  | 'password_too_long'
  | 'password_malformed'
  | 'password_too_common'
  | 'password_too_personal'

/** A rule that a new password breaks. */
export interface BrokenRule {
  readonly code: PasswordRule
  /** In words for the user, without the password. */
  readonly message: string
}

/** What is left of a password without the user's name must have so many characters. */
const MIN_OWN_LENGTH = 4

/** What a new password must be. There is nothing here about kinds of characters: that makes them no better. */
export class PasswordRules {
  readonly #options: PasswordRulesOptions

  constructor(options: PasswordRulesOptions = {}) {
    this.#options = options
  }

  /**
   * Find the rules that a password breaks.
   *
   * @param about what is known of the user: name, mail address
   * @returns none when it is good
   */
  check(password: string, about: readonly string[] = []): BrokenRule[] {
    if (!isPossible(password)) return [whyImpossible(password)]
    const { minLength = 8, allowCommon = false, allowPersonal = false } = this.#options
    const text = normalize(password)
    const folded = text.toLowerCase()
    const broken: BrokenRule[] = []
    if (Array.from(text).length < minLength) {
      broken.push({ code: 'password_too_short', message: `Shorter than ${minLength} characters.` })
    }
    if (!allowCommon && isCommonPassword(folded)) {
      broken.push({ code: 'password_too_common', message: 'One of the most common passwords.' })
    }
    if (!allowPersonal && isPersonal(folded, about)) {
      broken.push({ code: 'password_too_personal', message: 'Too much like the name or address.' })
    }
    return broken
  }
}

function whyImpossible(password: string): BrokenRule {
  if (password.isWellFormed()) {
    return { code: 'password_too_long', message: `Longer than ${MAX_PASSWORD_BYTES} bytes.` }
  }
  return { code: 'password_malformed', message: 'Not valid text.' }
}

function isPersonal(folded: string, about: readonly string[]): boolean {
  return about
    .flatMap((each) => [each, each.split('@')[0] ?? ''])
    .map((each) => normalize(each).toLowerCase())
    .filter((each) => each.length >= 3 && folded.includes(each))
    .some((each) => folded.replaceAll(each, '').length < MIN_OWN_LENGTH)
}
