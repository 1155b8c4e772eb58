import { defineConfig, setting } from 'dewar'
import { z } from 'dewar/schema'

export const readConfig = defineConfig({
  databaseUrl: setting(z.string(), {
    env: {
      development: 'DEV_DATABASE_URL',
      testing: 'TEST_DATABASE_URL',
      production: 'DATABASE_URL',
    },
    development: 'sqlite:///instance/cookies_dev.db',
    testing: 'sqlite::memory:',
    production: 'sqlite:///instance/cookies_prod.db',
    description: 'Where cookies and orders are kept.',
  }),
  apiKey: setting(z.string(), {
    env: 'API_KEY',
    default: '',
    secret: true,
    description: 'Who knows it may read the orders. Without one, nobody may.',
  }),
})

export type Config = ReturnType<typeof readConfig>
