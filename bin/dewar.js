#!/usr/bin/env node
// This file stays readable for old versions of Node, which must be able to say that they are too old.

import fs from 'node:fs'
import module from 'node:module'

var NEEDED = 24
var IS_REPOSITORY = fs.existsSync(new URL('../tools/node/package.json', import.meta.url))

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(
    'dewar needs Node ' +
      NEEDED +
      ' or later; this is Node ' +
      process.versions.node +
      '. ' +
      (IS_REPOSITORY ? 'Run "npm ci", which brings it for npm scripts. Or get' : 'Get') +
      ' it from https://nodejs.org/en/download, or with "nvm install ' +
      NEEDED +
      '"' +
      (IS_REPOSITORY ? '.' : ', or for this project alone with "npm install node@' + NEEDED + '".'),
  )
  process.exit(1)
}

// What was compiled for one command is at hand for the next, which then starts in half the time.
module.enableCompileCache()

// `dewar routes | head` closes our output early: no reason to complain.
process.stdout.on('error', function (error) {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

import('dewar/cli')
  .then(function (cli) {
    return cli.main(process.argv.slice(2))
  })
  .then(leave, function (error) {
    var isMissing = IS_REPOSITORY && error.code === 'ERR_MODULE_NOT_FOUND'
    console.error(isMissing ? error.message + '\nRun "npm ci" first.' : error)
    leave(1)
  })

/** End although an app may have left timers and connections open, but not before all output is written. */
function leave(code) {
  process.stdout.write('', function () {
    process.exit(code)
  })
}
