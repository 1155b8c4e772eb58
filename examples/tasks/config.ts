import { defineConfig, secret, setting } from 'dewar'
import { z } from 'dewar/schema'

/** Everybody can read it here, so production refuses it. */
const DEVELOPMENT_SECRET = 'default-super-secret-key-for-dev-change-me!'

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
  jwtSecretKey: secret({
    env: 'JWT_SECRET_KEY',
    development: DEVELOPMENT_SECRET,
    testing: DEVELOPMENT_SECRET,
    description: 'Signs the tokens.',
  }),
  jwtAccessTokenExpires: setting(z.int().positive(), {
    env: 'JWT_ACCESS_TOKEN_EXPIRES',
    default: 3600,
    description: 'How long an access token counts, in seconds.',
  }),
  jwtRefreshTokenExpires: setting(z.int().positive(), {
    env: 'JWT_REFRESH_TOKEN_EXPIRES',
    default: 604_800,
    description: 'How long a refresh token counts, in seconds.',
  }),
  loginDisabled: setting(z.boolean(), {
    env: 'LOGIN_DISABLED',
    default: false,
    description: 'Let everybody in. For tests only.',
  }),
})

export type Config = ReturnType<typeof readConfig>
