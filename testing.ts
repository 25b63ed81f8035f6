/**
 * Tests of apps: real Temporal, real MongoDB, nothing mocked.
 * @module
 */
export { createTestApp } from './src/testing/create-test-app';
export type { EventOutcome, TestApp, TestAppOptions } from './src/testing/create-test-app';
