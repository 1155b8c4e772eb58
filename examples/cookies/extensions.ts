import { apiKeys, authentication } from 'dewar/auth'
import { belongsTo, database, hasMany } from 'dewar/db'
import { Address, Cookie, CookieOrder, Order } from './models.ts'

export const db = database([Cookie, Address, Order, CookieOrder], {
  relations: {
    orders: { address: belongsTo(Address), cookie_orders: hasMany(CookieOrder) },
    cookie_orders: { order: belongsTo(Order), cookie: belongsTo(Cookie) },
  },
})

/** The key of the configuration: in the header X-API-Key, or as ?key=. */
export const keys = apiKeys({ query: 'key', texts: { missing: 'Invalid API key' } })

export const auth = authentication()
