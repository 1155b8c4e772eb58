import type { Order, WhereColumns } from '../../sql/condition.ts'
import type { Columns, InsertOf, KeyOf, Model, RowOf, UpdateOf } from '../../sql/model.ts'

/** Rows to be found, as far as sign-in looks for any. */
interface FindPort<C extends Columns> {
  where(condition: WhereColumns<C>): FindPort<C>
  orderBy(...order: readonly Order<C>[]): FindPort<C>
  limit(count: number): FindPort<C>
  all(): Promise<RowOf<C>[]>
  first(): Promise<RowOf<C> | undefined>
  count(): Promise<number>
}

/** What sign-in needs of a database; `database()` of `dewar/db` makes one. */
export interface DatabasePort {
  get<C extends Columns>(model: Model<C>, key: KeyOf<C>): Promise<RowOf<C> | undefined>
  /** As others see it, at once where the database answers at once. */
  getCommitted<C extends Columns>(
    model: Model<C>,
    key: KeyOf<C>,
  ): RowOf<C> | undefined | Promise<RowOf<C> | undefined>
  find<C extends Columns>(model: Model<C>): FindPort<C>
  insert<C extends Columns>(model: Model<C>, values: InsertOf<C>): Promise<RowOf<C>>
  upsert<C extends Columns>(model: Model<C>, values: InsertOf<C>): Promise<RowOf<C>>
  updateMany<C extends Columns>(
    model: Model<C>,
    condition: WhereColumns<C>,
    patch: UpdateOf<C>,
  ): Promise<number>
  deleteMany<C extends Columns>(model: Model<C>, condition: WhereColumns<C>): Promise<number>
  outside(work: () => unknown): Promise<void>
}
