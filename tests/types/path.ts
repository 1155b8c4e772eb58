import { defineConverter } from '../../src/http/path/converter.ts'
import type { PathParams, UnknownConverter } from '../../src/http/path/params.ts'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

true satisfies Equal<PathParams<'/'>, {}>
true satisfies Equal<PathParams<'/tasks/'>, {}>
true satisfies Equal<
  PathParams<'/shops/<shop>/orders/<int:order_id>'>,
  { shop: string; order_id: number }
>
true satisfies Equal<
  PathParams<'/<string:a>/<float:b>/<uuid:c>/<bigint:d>/<path:e>'>,
  { a: string; b: number; c: string; d: bigint; e: string }
>
true satisfies Equal<PathParams<'/<int:a>-<int:b>.json'>, { a: number; b: number }>
true satisfies Equal<
  PathParams<'/<int(min=1, max=9):id>/<string(length=2):lang>'>,
  { id: number; lang: string }
>
true satisfies Equal<PathParams<'/<any(a,b):x>'>, { x: 'a' | 'b' }>
true satisfies Equal<
  PathParams<`/<any(a, "b c" ,'d,e', "f:g"):x>/<id>`>,
  { x: 'a' | 'b c' | 'd,e' | 'f:g'; id: string }
>
true satisfies Equal<PathParams<'/<integr:id>'>, { id: UnknownConverter<'integr'> }>

declare const params: PathParams<'/<integer:id>'>
// @ts-expect-error -- there is no converter "integer"
params.id satisfies number

const month = defineConverter({
  pattern: String.raw`\d{4}-\d{2}`,
  parse: (text) => new Date(`${text}-01`),
  format: (date) => date.toISOString().slice(0, 7),
})
true satisfies Equal<
  PathParams<'/<month:since>/<int:id>', { month: typeof month }>,
  { since: Date; id: number }
>
true satisfies Equal<PathParams<'/<int:since>', { int: typeof month }>, { since: Date }>
