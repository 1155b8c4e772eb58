import { readFileSync } from 'node:fs'

let words: Set<string> | undefined

/** Whether `password`, in lower case, is one of the 13,000 that attackers try first. */
export function isCommonPassword(password: string): boolean {
  words ??= read()
  return words.has(password)
}

function read(): Set<string> {
  const text = readFileSync(new URL('common_passwords.txt', import.meta.url), 'utf8')
  return new Set(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')))
}
