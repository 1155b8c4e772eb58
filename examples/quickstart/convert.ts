import { Blueprint } from 'dewar'

/** What each converter makes of a segment, in Python's names of the types. */
export const convert = new Blueprint('convert', { prefix: '/api/convert' })

convert.get('/string/<value>', ({ params }) => ({ type: 'str', value: params.value }))
convert.get('/int/<int:value>', ({ params }) => ({ type: 'int', value: params.value }))
convert.get('/float/<float:value>', ({ params }) => ({ type: 'float', value: params.value }))
convert.get('/path/<path:value>', ({ params }) => ({ type: 'str', value: params.value }))
convert.get('/uuid/<uuid:value>', ({ params }) => ({ type: 'UUID', value: params.value }))
