import { defineConfig } from 'dewar'

/** Nothing but the profile: this app keeps everything in memory. */
export const readConfig = defineConfig({})
