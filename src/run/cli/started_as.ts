/**
 * How this `dewar run` can be started again with other options, in the words of whoever started it.
 *
 * @param env npm says there which script it runs, and how that reads
 */
export function startedAs(env: NodeJS.ProcessEnv, options: string): string {
  const { npm_command: command, npm_lifecycle_event: script, npm_lifecycle_script: text } = env
  // The script of another program may have started this one.
  const [dewar, verb] = /(?:^|[\s/'"])dewar(?:\.js)?(\s+run\b)?(?=[\s'"]|$)/.exec(text ?? '') ?? []
  if (dewar === undefined) return `dewar run ${options}`
  if (command === 'exec') return `npx dewar run ${options}`
  const npm = script === 'start' ? 'npm start' : `npm run ${script}`
  return `${npm} -- ${verb === undefined ? 'run ' : ''}${options}`
}
