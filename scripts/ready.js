// Says what to do where `npm ci` has not been run; readable for old versions of Node, which would fail in riddles.
import fs from 'node:fs'

var NEEDED = 24
var isOld = Number(process.versions.node.split('.')[0]) < NEEDED

if (isOld || !fs.existsSync('node_modules/fastify')) {
  console.error(
    'Run "npm ci" first: it brings all packages, and on most platforms Node ' + NEEDED + '.',
  )
  if (isOld) {
    console.error(
      'This is Node ' + process.versions.node + '. Another one: https://nodejs.org/en/download.',
    )
  }
  process.exit(1)
}
