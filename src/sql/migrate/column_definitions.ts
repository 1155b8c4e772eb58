import { z } from 'zod'
import {
  bigint,
  binary,
  boolean,
  date,
  datetime,
  decimal,
  enumeration,
  float,
  id,
  integer,
  json,
  string,
  text,
  time,
  uuid,
} from '../columns.ts'

/** Columns as revisions write them: those of models, as far as the database knows of them. */
export const column = {
  id,
  integer,
  bigint,
  float,
  decimal,
  string,
  text,
  boolean,
  datetime,
  date,
  time,
  uuid,
  json: () => json(z.unknown()),
  binary,
  enumeration,
}
