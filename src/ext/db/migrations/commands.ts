import type { CommandGroup } from '../../../app/commands.ts'
import { checkCommands } from './check_commands.ts'
import { makeCommands } from './make_commands.ts'
import type { MigrationFolder } from './migration_folder.ts'
import { moveCommands } from './move_commands.ts'
import { showCommands } from './show_commands.ts'

/** `dewar db …`. None starts the app: its start may need the tables that they are about to change. */
export function migrationCommands(folder: MigrationFolder): CommandGroup {
  return {
    name: 'db',
    summary: 'Change the tables of the database, step by step, and back',
    commands: [
      ...makeCommands(folder),
      ...moveCommands(folder),
      ...showCommands(folder),
      ...checkCommands(folder),
    ],
  }
}
