import { nope } from './ok.ts'
console.log(nope)
