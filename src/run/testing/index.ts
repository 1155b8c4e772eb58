/** Call an app without a socket, and undo what it did. */

export type { TestFile } from './bodies.ts'
export {
  type RequestOptions,
  type TestAnswer,
  TestClient,
  testClient,
  type TestClientOptions,
} from './client.ts'
export type { CookieJar } from './cookie_jar.ts'
export { rollback } from './rollback.ts'
