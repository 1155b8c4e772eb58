import type { Profile } from '../../app/config/profile.ts'
import { openSources } from '../../app/config/sources.ts'
import type { Terminal } from './terminal.ts'

/** The variables that the command line itself reads, such as `DEWAR_APP`. */
export interface Environment {
  readonly profile: Profile
  /** @returns undefined when the variable is empty or nowhere */
  readonly get: (name: string) => string | undefined
}

/**
 * The environment, `.env.<profile>` and `.env`, strongest first: the same that a configuration reads.
 *
 * @throws {ConfigError} when the profile is unknown, or a file cannot be read
 */
export function readEnvironment({ env, cwd }: Terminal): Environment {
  const { profile, variables } = openSources({ env, dir: cwd })
  return {
    profile,
    get: (name) => variables.map(([, each]) => each[name]).find(Boolean),
  }
}
