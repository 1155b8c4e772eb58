for (const f of process.argv.slice(2)) {
  try {
    await import('./' + f)
  } catch (e) {
    console.log('==', f, e.code, e.name, Object.keys(e))
    console.log('MSG', e.message)
    console.log('STACK', e.stack)
  }
}
