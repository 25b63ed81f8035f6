import eslint from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// The import direction of the source tree: each folder may import what stands before it, never what stands after.
// definitions, shared <- workflows <- query <- datastore <- activities <- worker.ts; client.ts <- cli, dashboard
const NODE_ONLY = [
  'fs',
  'path',
  'os',
  'crypto',
  'child_process',
  'net',
  'http',
  'https',
  'url',
  'util',
  'process',
];
const nodeOnly = [
  {
    group: [...NODE_ONLY, 'node:*', 'fs/*'],
    message: 'This folder runs inside the workflow sandbox: no Node modules.',
  },
  {
    group: [
      'mongodb',
      '@temporalio/{client,worker,activity,testing,envconfig}',
      '@temporalio/*/lib/!(time)',
    ],
    message: 'This folder runs inside the workflow sandbox.',
  },
  {
    group: ['zod', 'zod/*'],
    message: 'zod stays at the edges, out of the workflow bundle.',
    allowTypeImports: true,
  },
];
const folders = (names, why) => ({
  group: names.map((n) => `**/${n}/**`).concat(names.map((n) => `**/${n}`)),
  message: why,
  allowTypeImports: true,
});
const boundary = (files, patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});
const UPPER = [
  'query',
  'datastore',
  'activities',
  'queues',
  'crons',
  'traces',
  'servers',
  'dashboard',
  'cli',
];

export default tseslint.config(
  {
    ignores: [
      'dist',
      'docs/api',
      'node_modules',
      '.nightshift',
      'coverage',
      'docs/api',
      '**/.nightshift',
      '**/*.mjs',
      '**/*.cjs',
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] })],
      // without these, cycles among TypeScript files are not seen
      'import-x/extensions': ['.ts', '.tsx', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  boundary(
    ['src/shared/**'],
    [
      ...nodeOnly,
      folders(['definitions', 'workflows', ...UPPER], 'src/shared imports nothing of ours.'),
    ],
  ),
  boundary(
    ['src/definitions/**'],
    [...nodeOnly, folders(['workflows', ...UPPER], 'src/definitions imports src/shared only.')],
  ),
  boundary(
    ['src/workflows/**'],
    [
      ...nodeOnly,
      folders(
        UPPER,
        'src/workflows imports definitions and shared only; types of activities are fine.',
      ),
    ],
  ),
  boundary(
    ['src/query/**'],
    [folders(UPPER.slice(1), 'src/query imports definitions and shared only.')],
  ),
  boundary(
    ['src/datastore/**'],
    [
      folders(
        ['workflows', ...UPPER.slice(2)],
        'src/datastore imports query, definitions and shared only.',
      ),
    ],
  ),
  boundary(
    ['src/events/**', 'src/queues/**', 'src/crons/**'],
    [
      folders(
        ['workflows', 'activities', 'worker', 'app', 'servers', 'dashboard', 'cli', 'testing'],
        'What activities and the client share stands below both.',
      ),
    ],
  ),
  boundary(
    ['src/worker/**', 'src/app/**', 'src/connections/**'],
    [folders(['dashboard', 'cli', 'testing'], 'The worker process stands below the command line.')],
  ),
  boundary(
    ['src/activities/**'],
    [
      folders(
        ['workflows', 'traces', 'servers', 'dashboard', 'cli'],
        'src/activities imports datastore, queues and below.',
      ),
    ],
  ),
  boundary(
    ['src/servers/**'],
    [
      folders(
        [
          'workflows',
          'query',
          'datastore',
          'activities',
          'queues',
          'crons',
          'traces',
          'dashboard',
          'cli',
        ],
        'src/servers stands alone.',
      ),
    ],
  ),
  boundary(
    ['client.ts', 'src/client/**'],
    [
      {
        group: ['@temporalio/worker', '@temporalio/testing'],
        message: 'The client never loads native code.',
      },
    ],
  ),
  boundary(
    ['src/dashboard/**'],
    [
      folders(
        [
          'workflows',
          'activities',
          'worker',
          'app',
          'servers',
          'cli',
          'testing',
          'traces',
          'queues',
          'crons',
          'events',
          'datastore',
        ],
        'The dashboard uses the public client, like any other program.',
      ),
    ],
  ),
  {
    files: ['src/cli/**', 'bench/**', 'examples/**/start.ts', 'scripts/**', 'test/fuzz/run.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['assets/**'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      parserOptions: { projectService: false },
      globals: Object.fromEntries(
        ['document', 'EventSource', 'getSelection', 'location', 'setInterval'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
  {
    // Their own tsconfig.json is for where they are copied to.
    files: ['templates/**'],
    languageOptions: { parserOptions: { projectService: false, project: './tsconfig.json' } },
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: 'test', package: 'node:test' }] },
      ],
    },
  },
  { files: ['src/workflows/entry.ts'], rules: { 'import-x/no-default-export': 'off' } },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  prettier,
);
