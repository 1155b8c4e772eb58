import { fromJSON, toBoolean, toBytes, toDate, toNumber, toTime } from './storage.ts'

/** Of pg_type: the same on every server. */
export const INT8 = 20

/** How the text of a type is read that no model's column tells; as text where it is not here. */
export const DECODERS: ReadonlyMap<number, (stored: unknown) => unknown> = new Map([
  [16, toBoolean],
  [17, toBytes],
  [INT8, toNumber],
  [21, Number], // int2
  [23, Number], // int4
  [26, Number], // oid
  [114, fromJSON],
  [700, Number], // float4
  [701, Number], // float8
  [1083, toTime],
  [1184, toDate], // timestamptz
  [3802, fromJSON], // jsonb
])
