const x = null
x.y
