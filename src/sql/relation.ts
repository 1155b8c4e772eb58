import type { Model, RowOf } from './model.ts'

/** How one row leads to others. */
export type RelationKind = 'belongsTo' | 'hasOne' | 'hasMany' | 'manyToMany'

export interface RelationOptions {
  /** The column of the foreign key; needed where there is more than one that could be meant. */
  readonly via?: string
}

export interface ManyOptions extends RelationOptions {
  /** How the rows are ordered: names of the target's columns, with `-` the other way round. Default: by key. */
  readonly orderBy?: readonly string[]
}

export interface ThroughOptions extends ManyOptions {
  /** The model in between, which refers to both. */
  readonly through: Model
  /** Its column that refers to the target; needed where there is more than one. */
  readonly to?: string
}

/** What a row is related to: declared in `database(models, { relations })`. */
export class Relation<
  Target extends Model = Model,
  Kind extends RelationKind = RelationKind,
  Absent = unknown,
> {
  readonly kind: Kind
  readonly target: Target
  readonly options: RelationOptions & Partial<ThroughOptions> & { readonly optional?: boolean }
  /** Only a type: null where there need not be a row. */
  declare readonly absent: Absent

  constructor(kind: Kind, target: Target, options: Relation['options']) {
    this.kind = kind
    this.target = target
    this.options = options
  }
}

/** This row refers to one of `target`. @param options `optional` where its column may be null */
export function belongsTo<M extends Model, const O extends boolean = false>(
  target: M,
  options: RelationOptions & { readonly optional?: O } = {},
): Relation<M, 'belongsTo', O extends true ? null : never> {
  return new Relation('belongsTo', target, options)
}

/** At most one row of `target` refers to this one. */
export function hasOne<M extends Model>(
  target: M,
  options: RelationOptions = {},
): Relation<M, 'hasOne', null> {
  return new Relation('hasOne', target, options)
}

/** Rows of `target` refer to this one. */
export function hasMany<M extends Model>(
  target: M,
  options: ManyOptions = {},
): Relation<M, 'hasMany', never> {
  return new Relation('hasMany', target, options)
}

/** Rows of a model in between refer to this one and to one of `target` each. */
export function manyToMany<M extends Model>(
  target: M,
  options: ThroughOptions,
): Relation<M, 'manyToMany', never> {
  return new Relation('manyToMany', target, options)
}

/** The relations of models, by table and name. */
export type Relations = Readonly<Record<string, Readonly<Record<string, Relation>>>>

/** The relations of one table. */
export type RelationsOf<R, Table> = Table extends keyof R ? R[Table] : {}

/** The model that a relation leads to. */
export type TargetOf<X> = X extends Relation<infer Target> ? Target : never

/** Which related rows are loaded: `{ address: true, cookie_orders: { cookie: true } }`. */
export type With<R, Table> = {
  readonly [K in keyof RelationsOf<R, Table>]?:
    | true
    | With<R, TargetOf<RelationsOf<R, Table>[K]>['table']>
}

type Many = 'hasMany' | 'manyToMany'

type Related<R, X, W> =
  X extends Relation<infer Target, infer Kind, infer Absent>
    ? Kind extends Many
      ? readonly GraphOf<R, Target, W>[]
      : GraphOf<R, Target, W> | Absent
    : never

/** A row with the related rows that were asked for. */
export type GraphOf<R, M extends Model, W> = RowOf<M['columns']> & Members<R, M['table'], W>

/** What {@link With} adds to a row. */
export type Members<R, Table, W> = {
  readonly [K in keyof W & keyof RelationsOf<R, Table>]: Related<R, RelationsOf<R, Table>[K], W[K]>
}
