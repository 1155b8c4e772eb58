import type { Context } from '../../../app/context.ts'
import { abort, InvalidInput } from '../../../http/errors.ts'
import type { PasswordRules } from '../../../token/passwords/password_rules.ts'

/**
 * Fields of a JSON body, all of them text that is not empty.
 *
 * @throws {BadRequest} with `message` when one is missing
 */
export async function readFields<const Name extends string>(
  c: Context,
  names: readonly Name[],
  message: string,
): Promise<Readonly<Record<Name, string>>> {
  const body = await c.request.json()
  if (hasTexts(body, names)) return body
  return abort(400, message, { code: 'fields_missing' })
}

/** A field of a JSON body that may be missing. */
export async function readOptional(c: Context, name: string): Promise<string | undefined> {
  const body = await c.request.json()
  return hasTexts(body, [name]) ? body[name] : undefined
}

/** One form for what looks the same, as in passwords. @throws {InvalidInput} when it cannot be a name */
export function toUsername(text: string): string {
  const username = text.normalize('NFKC').trim()
  if (username !== '' && username.length <= 80 && !/\p{C}/u.test(username)) return username
  throw invalid('username', 'Not a valid username.')
}

/** @throws {InvalidInput} when it cannot be a mail address */
export function toEmail(text: string): string {
  const email = text.trim().toLowerCase()
  // What it must be, only a mail can tell; this much every address is, and no header can be made of it.
  if (email.length <= 254 && /^[^\s@<>",;:]+@[^\s@<>",;:]+$/.test(email)) return email
  throw invalid('email', 'Not a valid email address.')
}

/** @throws {InvalidInput} with all that is wrong with a new password */
export function checkPassword(
  rules: PasswordRules | undefined,
  password: string,
  about: readonly string[],
  field = 'password',
): void {
  const broken = rules?.check(password, about) ?? []
  if (broken.length === 0) return
  throw invalid(field, ...broken.map(({ message }) => message))
}

function invalid(field: string, ...messages: string[]): InvalidInput {
  return new InvalidInput({ json: { [field]: messages } })
}

function hasTexts<Name extends string>(
  body: unknown,
  names: readonly Name[],
): body is Record<Name, string> {
  if (typeof body !== 'object' || body === null) return false
  return names.every((name) => {
    const value: unknown = Object.hasOwn(body, name) ? Reflect.get(body, name) : undefined
    return typeof value === 'string' && value !== ''
  })
}
