const a: number = 1
const b = {
  x: 1,,
}
