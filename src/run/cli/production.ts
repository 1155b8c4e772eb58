import type { Profile } from '../../app/config/profile.ts'
import { CLIError } from './cli_error.ts'
import { startedAs } from './started_as.ts'

/**
 * Keep debug mode, which shows source and stack to whoever calls, out of production.
 *
 * @throws {CLIError} when `profile` is production and the app would run in debug mode
 */
export function refuseProduction(profile: Profile, debug: boolean, env: NodeJS.ProcessEnv): void {
  if (profile !== 'production' || !debug) return
  throw new CLIError(
    'The profile is production, and `dewar run` is a development server that shows errors with their source.\n' +
      `Use a production server; or, to try this profile on your own machine: ${startedAs(env, '--no-debug')}`,
  )
}
