const compiled = ({ tsx }) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      keepClassNames: true,
      parser: { syntax: 'typescript', tsx },
      transform: { react: { runtime: 'automatic', importSource: 'hono/jsx' } },
    },
    module: { type: 'commonjs' },
  },
];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/package/'], // npm run test:package
  transform: { '^.+\\.ts$': compiled({ tsx: false }), '^.+\\.tsx$': compiled({ tsx: true }) },
  moduleNameMapper: {
    '^nightshift$': '<rootDir>/index.ts',
    '^nightshift/(worker|client|testing)$': '<rootDir>/$1.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  clearMocks: true,
  maxWorkers: 2, // most tests wait for servers most of the time: one for each core, also where there are two

  testTimeout: 30_000,
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', '<rootDir>/test/support/count-reporter.cjs'],
};
