// `npm run test:package`: it packs, installs and starts what it needs itself, and takes minutes.
const { globalSetup, globalTeardown, ...config } = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/package/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
};
