export const hello = 'three'
