import type { ColumnType } from 'kysely'
import type { Column } from './column.ts'
import type { Columns, Model } from './model.ts'
import type { z } from 'zod'

type ValueOf<T extends Column> = z.output<T['schema']>

/** Defaults that are functions are made by `db.insert`, so here they must be given. */
type ToInsert<T extends Column> = T['presence'] extends 'key' | 'default'
  ? ValueOf<T> | undefined
  : null extends ValueOf<T>
    ? ValueOf<T> | undefined
    : ValueOf<T>

type TableOf<C extends Columns> = {
  [K in keyof C]: ColumnType<ValueOf<C[K]>, ToInsert<C[K]>, ValueOf<C[K]>>
}

/** The tables of models as Kysely's types have them. */
export type KyselyTables<Models extends readonly Model[]> = {
  [M in Models[number] as M['table']]: TableOf<M['columns']>
}
