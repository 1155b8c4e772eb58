import { z } from 'zod'
import { partial, type PartialObject } from '../schema/partial.ts'
import type { Column } from './column.ts'
import type { Columns, Model } from './model.ts'

type Names<C> = Extract<keyof C, string>

/** The names that a client may set. */
type Loadable<C extends Columns, ReadOnly extends string> = {
  [K in Names<C>]: C[K]['presence'] extends 'key'
    ? never
    : C[K]['access'] extends 'readOnly'
      ? never
      : K extends ReadOnly
        ? never
        : K
}[Names<C>]

type LoadField<T extends Column> = T['presence'] extends 'required'
  ? T['schema']
  : T['presence'] extends 'default'
    ? z.ZodDefault<T['schema']>
    : z.ZodOptional<T['schema']>

type Fields<C extends Columns, ReadOnly extends string> = {
  readonly [K in Loadable<C, ReadOnly>]?: z.ZodType
}

/** No others may be named. */
type Others<F, Name> = { readonly [K in Exclude<keyof F, Name>]: never }

type LoadShape<C extends Columns, F, ReadOnly extends string> = {
  [K in Loadable<C, ReadOnly>]: K extends keyof F
    ? F[K] extends z.ZodType
      ? F[K]
      : LoadField<C[K]>
    : LoadField<C[K]>
}

type DumpShape<C extends Columns, Hidden extends string> = {
  [K in Exclude<Names<C>, Hidden> as C[K]['access'] extends 'writeOnly' ? never : K]: C[K]['schema']
}

export interface SchemaOptions<C extends Columns, F, Hidden, ReadOnly extends string> {
  /** Schemas for input in place of the columns' own. */
  readonly fields?: F & Fields<C, ReadOnly> & Others<F, Loadable<C, ReadOnly>>
  /** Columns that never leave, such as `password_hash`. They can be written. */
  readonly hide?: readonly (Hidden & Names<C>)[]
  /** Columns that clients may not set, besides those that the model says. */
  readonly readOnly?: readonly (ReadOnly & Names<C>)[]
}

/** What a model says about input and output. */
export interface ModelSchemas<
  C extends Columns,
  F,
  Hidden extends string,
  ReadOnly extends string,
> {
  /** A whole new row (POST, PUT). Columns with a default, and those that may be null, need not be there. */
  readonly load: z.ZodObject<LoadShape<C, F, ReadOnly>>
  /** Any part of a row (PATCH). */
  readonly patch: PartialObject<z.ZodObject<LoadShape<C, F, ReadOnly>>>
  /** A row as clients see it. */
  readonly dump: z.ZodObject<DumpShape<C, Hidden>>
}

/**
 * Derive schemas for input and output from a model.
 *
 * What the database cannot hold does not pass: text too long or with NUL, numbers out of range.
 */
export function schemaOf<
  C extends Columns,
  F = {},
  const Hidden extends string = never,
  const ReadOnly extends string = never,
>(
  model: Model<C>,
  options: SchemaOptions<C, F, Hidden, ReadOnly> = {},
): ModelSchemas<C, F, Hidden, ReadOnly> {
  const { hide = [], readOnly = [] } = options
  const columns = Object.entries<Column>(model.columns)
  for (const name of [...hide, ...readOnly, ...Object.keys(options.fields ?? {})]) {
    if (!Object.hasOwn(model.columns, name)) {
      throw new TypeError(`The model "${model.table}" has no column "${name}".`)
    }
  }
  const fields = new Map(Object.entries<unknown>(options.fields ?? {}))
  const isLoadable = ([name, { presence, access }]: [string, Column]): boolean =>
    presence !== 'key' && access !== 'readOnly' && !isIn(readOnly, name)
  const load = z.object(
    Object.fromEntries(
      columns
        .filter(isLoadable)
        .map(([name, column]) => [name, fields.get(name) ?? toLoadField(column)]),
    ),
  )
  const dump = z.object(
    Object.fromEntries(
      columns
        .filter(([name, { access }]) => access !== 'writeOnly' && !isIn(hide, name))
        .map(([name, { schema }]) => [name, schema]),
    ),
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types say of each column what is done to it here
  return { load, patch: partial(load), dump } as unknown as ModelSchemas<C, F, Hidden, ReadOnly>
}

function isIn(names: readonly string[], name: string): boolean {
  return names.includes(name)
}

function toLoadField({ presence, schema, initial }: Column): z.ZodType {
  if (presence === 'required') return schema
  return presence === 'default' ? schema.default(initial) : z.optional(schema)
}
