import { BODY_CASES } from './bodies.ts'
import { runCases } from './cases.ts'
import { FRAMING_CASES } from './framing.ts'
import { HEAD_CASES } from './heads.ts'

await runCases([...HEAD_CASES, ...FRAMING_CASES, ...BODY_CASES])
