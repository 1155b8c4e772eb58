import type { ConverterFactory } from './converter.ts'

/** Converters of an app's own, by the name that paths call them. */
export type ConverterFactories = Readonly<Record<string, ConverterFactory<unknown>>>

/** What the built-in converters yield; `any` yields one of its arguments. */
interface BuiltinValues {
  string: string
  int: number
  float: number
  path: string
  uuid: string
  bigint: bigint
}

/** What a misspelt converter yields: nothing a handler can use. */
export interface UnknownConverter<Name extends string> {
  readonly 'unknown converter': Name
}

/**
 * The parameters of a path, by name: those of `'/shops/<shop>/orders/<int:order_id>'` are
 * `{ shop: string; order_id: number }`.
 */
export type PathParams<Path extends string, Own = {}> = {
  [S in Specs<Path> as NameOf<S>]: ValueOf<S, Own>
}

// One mapped type over the union of specs, not an intersection for each: that is what keeps a
// thousand routes cheap.
type Specs<Path extends string> = Path extends `${string}<${infer S}>${infer Rest}`
  ? S | Specs<Rest>
  : never

type NameOf<S extends string> = S extends `${string}):${infer Name}`
  ? Name
  : S extends `${string}:${infer Name}`
    ? Name
    : S

type ValueOf<S extends string, Own> = S extends `${infer Name}(${infer Args}):${string}`
  ? Value<Name, Args, Own>
  : S extends `${infer Name}:${string}`
    ? Value<Name, '', Own>
    : Value<'string', '', Own>

type Value<Name extends string, Args extends string, Own> = Name extends keyof Own
  ? Own[Name] extends ConverterFactory<infer T>
    ? T
    : never
  : Name extends 'any'
    ? Items<Args>
    : Name extends keyof BuiltinValues
      ? BuiltinValues[Name]
      : UnknownConverter<Name>

type Items<Args extends string> =
  Trim<Args> extends `"${infer Item}"${infer Rest}`
    ? Item | Items<AfterComma<Rest>>
    : Trim<Args> extends `'${infer Item}'${infer Rest}`
      ? Item | Items<AfterComma<Rest>>
      : Args extends `${infer Item},${infer Rest}`
        ? Trim<Item> | Items<Rest>
        : Trim<Args> extends ''
          ? never
          : Trim<Args>

type AfterComma<Text extends string> = Text extends `${string},${infer Rest}` ? Rest : ''

type Trim<Text extends string> = Text extends ` ${infer Rest}` | `${infer Rest} `
  ? Trim<Rest>
  : Text
