import { suite } from 'node:test'
import { connectionsSuite } from './dialect/connections.ts'
import { constraintsSuite } from './dialect/constraints.ts'
import type { TestedDialect } from './dialect/tested.ts'
import { textSuite } from './dialect/text.ts'
import { transactionsSuite } from './dialect/transactions.ts'
import { valuesSuite } from './dialect/values.ts'

/** What is the same on every kind of database, by its URL alone. */
export function dialectSuite(dialect: TestedDialect): void {
  suite(`the dialect ${dialect.name}`, { skip: dialect.database.skip }, () => {
    valuesSuite(dialect)
    textSuite(dialect)
    constraintsSuite(dialect)
    transactionsSuite(dialect)
    connectionsSuite(dialect)
  })
}
