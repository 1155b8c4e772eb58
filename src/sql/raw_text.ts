/**
 * Whether SQL text within a statement reads nothing but what is given to it: an expression of known functions.
 *
 * @param text with something in place of each parameter
 */
export function isExpression(text: string): boolean {
  const code = text.replaceAll(/'(?:[^']|'')*'/g, "''")
  if (STATEMENT.test(code) || /["`\]]\s*\(/.test(code) || /--|\/\*|;/.test(code)) return false
  return [...code.matchAll(/([\w.]+)\s*\(/g)].every(([, name = '']) => isKnownFunction(name))
}

/** Whether a function reads no table, whatever it is given: those of one's own may do anything. */
export function isKnownFunction(name: string): boolean {
  return FUNCTIONS.has(name.toLowerCase())
}

const STATEMENT = /\b(?:select|from|join|into|update|table|values|with|call|execute|using)\b/i

const FUNCTIONS: ReadonlySet<string> = new Set(
  [
    'and any all as between case cast else exists filter from in like not on or over then when where within group',
    'abs avg ceil ceiling coalesce concat concat_ws count exp floor greatest ifnull iif instr least left length',
    'ln log lower lpad ltrim max md5 min mod nullif pow power rank replace right round row_number rpad rtrim sign',
    'sqrt substr substring sum total trim trunc upper dense_rank first_value lag last_value lead ntile',
    'array_agg bool_and bool_or char_length every group_concat json_agg json_array json_arrayagg',
    'json_array_length json_build_array json_build_object json_each json_extract json_group_array',
    'json_group_object json_length json_object json_objectagg json_query json_type json_valid json_value',
    'jsonb_agg jsonb_array_length jsonb_build_array jsonb_build_object string_agg to_json to_jsonb',
    'age curdate current_date current_time current_timestamp date date_add date_format date_part date_sub',
    'date_trunc datediff datetime extract from_unixtime julianday make_interval now now_utc strftime',
    'timestampdiff to_char to_date to_timestamp unix_timestamp unixepoch utc_timestamp year month day hour minute',
  ]
    .join(' ')
    .split(' '),
)
