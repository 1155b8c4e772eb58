/** What sign-in adds to the context, as TypeScript sees it. Compiled, not run. */
import { App, Blueprint, type Principal } from 'dewar'
import {
  type Authenticator,
  authentication,
  type Claims,
  type DatabasePort,
  type Identity,
} from 'dewar/auth'
import { database, hasMany, id, model, reference, string } from 'dewar/db'

type Is<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function is<A, B>(_same: Is<A, B>): void {}

interface User {
  readonly name: string
}

const plain = authentication()
const loaded = authentication({ loadUser: (): User | undefined => ({ name: 'Ann' }) })
const app = new App('types')

app.get('/', { use: [plain.signedIn()] }, ({ user, identity }) => {
  is<typeof user, Principal>(true)
  is<typeof identity, Identity<Principal>>(true)
  is<typeof identity.claims, Claims | undefined>(true)
})
app.get('/loaded', { use: [loaded.signedIn({ role: 'admin' })] }, ({ user }) => {
  is<typeof user, User>(true)
})
app.get('/maybe', { use: [loaded.signedIn({ optional: true })] }, ({ user }) => {
  is<typeof user, User | undefined>(true)
})
const own = loaded.requires<{ name: string }>(({ user, params }) => user.name === params.name)
app.get('/<name>', { use: [own] }, ({ user, params }) => {
  is<typeof user, User>(true)
  is<typeof params.name, string>(true)
})
// oxlint-disable-next-line typescript/unbound-method -- bound when it is made
const { signedIn } = loaded
const rooms = new Blueprint('rooms', { use: [signedIn()] })
rooms.get('/', ({ user }) => {
  is<typeof user, User>(true)
})

// @ts-expect-error -- another user needs a function that loads it
authentication<User>({})
declare const byKey: Authenticator<{ other: string }>
// @ts-expect-error -- all ways lead to the same user
app.install(loaded, { secret: '', store: false, also: [byKey] })

const Room = model('rooms', { id: id(), name: string(20) })
const Bed = model('beds', { id: id(), room_id: reference(Room) })
export const port: DatabasePort = database([Room, Bed], {
  relations: { rooms: { beds: hasMany(Bed) } },
})
