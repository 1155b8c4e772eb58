import { defineConfig, setting } from 'dewar'
import { z } from 'dewar/schema'

export const readConfig = defineConfig({
  databaseUrl: setting(z.string(), {
    env: {
      development: 'DEV_DATABASE_URL',
      testing: 'TEST_DATABASE_URL',
      production: 'DATABASE_URL',
    },
    development: 'sqlite:///instance/tasks_dev.db',
    testing: 'sqlite::memory:',
    production: 'sqlite:///instance/tasks_prod.db',
    description: 'Where tasks are kept.',
  }),
  upgradeOnStart: setting(z.boolean(), {
    env: 'UPGRADE_ON_START',
    default: true,
    production: false,
    description: 'Bring the tables to the last migration when the app starts.',
  }),
  loginDisabled: setting(z.boolean(), {
    env: 'LOGIN_DISABLED',
    default: false,
    description: 'Let everybody in. For tests only.',
  }),
})

export type Config = ReturnType<typeof readConfig>
