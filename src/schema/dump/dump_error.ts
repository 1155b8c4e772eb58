const MAX_KEY_LENGTH = 60

/** A step from a value into it: a member's name, or a list's index. */
export type Step = string | number

/** The value that a handler returned does not fit the schema that it is written with. */
export class DumpError extends Error {
  /** Where, from the outside in: `['data', 3, 'price']`. */
  readonly path: readonly Step[]

  constructor(message: string, path: readonly Step[], options?: ErrorOptions) {
    super(message, options)
    this.name = 'DumpError'
    this.path = path
  }
}

/** Write a path as a program would: `data[3].price`. @returns `''` for the value itself */
export function toPathText(path: readonly Step[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[A-Za-z_$][\w$]*$/.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${JSON.stringify(step)}]`
    if (typeof step === 'string' && step.length > MAX_KEY_LENGTH) {
      text = `${text.slice(0, text.length - step.length + MAX_KEY_LENGTH)}…`
    }
  }
  return text
}
