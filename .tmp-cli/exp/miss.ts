import { nope } from './missing.ts'
