/** Whether every database can hold `text`: no NUL, which ends text in some, and no half of a surrogate pair. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** Characters as databases count them, code points. */
export function lengthOf(text: string): number {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) !== 0xdc00) length++
  }
  return length
}

/** Whether `text` has at most `max` code points; counted only where its length leaves a doubt. */
export function fitsLength(text: string, max: number): boolean {
  return text.length <= max || (text.length <= 2 * max && lengthOf(text) <= max)
}
