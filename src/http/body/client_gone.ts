import { HTTPError } from '../errors.ts'

/** 499: the client went away before its request was complete. Nobody gets this answer, and it is no fault to log. */
export class ClientGone extends HTTPError {
  constructor(options?: ErrorOptions) {
    super(499, 'The client went away before its request was complete.', {
      ...options,
      code: 'client_gone',
    })
  }
}
