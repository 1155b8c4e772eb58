import { defineConfig } from 'oxlint'

/**
 * The rooms of `src/`, lowest floor first.
 *
 * A room imports itself and any room on a lower floor; rooms on one floor are
 * strangers. `CONTRIBUTING.md` says the same in prose.
 */
const FLOORS = [
  ['lib'],
  ['schema'],
  ['http', 'sql', 'token'],
  ['app'],
  ['ext/auth', 'ext/cache', 'ext/db', 'ext/jobs', 'ext/limiter', 'ext/openapi', 'ext/security'],
  ['run/server', 'run/testing'],
  ['run/cli'],
]

const layers = FLOORS.flatMap((floor, i) =>
  floor.map((room) => {
    const strangers = floor.filter((other) => other !== room)
    const group = [...strangers, ...FLOORS.slice(i + 1).flat()].map(importOf)
    const message = `src/${room} may import only itself and the floors below it.`
    return {
      files: [`src/${room}/**`],
      rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
    }
  }),
)

function importOf(room: string): string {
  return `../**/${room.replace(/^.*\//, '')}/**`
}

export default defineConfig({
  ignorePatterns: ['dist', 'bench', 'tests/transcripts/*.mjs', '.check-docs', '.tmp-cli'],
  plugins: ['typescript', 'unicorn', 'import', 'oxc', 'node', 'promise'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    'import/no-cycle': 'error',
    'oxc/no-async-endpoint-handlers': 'off',
    // A table may have no relations, a route no inputs.
    'typescript/no-generated-empty-object-type': 'off',
    'import/no-named-as-default-member': 'off',
    'no-underscore-dangle': ['error', { allow: ['_zod'] }],
    'import/no-default-export': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': [
      'error',
      {
        allowForKnownSafeCalls: [
          { from: 'package', package: 'node:test', name: ['suite', 'test'] },
        ],
      },
    ],
    'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    'max-lines-per-function': ['error', { max: 60 }],
  },
  overrides: [
    ...layers,
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    {
      files: ['tests/**', 'examples/**/*.test.ts', 'scripts/**', 'examples/tutorial/**'],
      rules: {
        'max-lines-per-function': 'off',
        'typescript/no-unsafe-type-assertion': 'off',
        'unicorn/consistent-function-scoping': 'off',
      },
    },
    {
      files: ['tests/types/**'],
      rules: {
        'typescript/no-unnecessary-type-parameters': 'off',
      },
    },
  ],
})
