const a = 1
const b = {
  x: 1,,
}
