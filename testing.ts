/**
 * Tests of apps: real Temporal, real MongoDB, nothing mocked.
 * @module
 */
export { createTestApp } from './src/testing/create-test-app';
export type { EventOutcome, TestApp, TestAppOptions } from './src/testing/create-test-app';
export { replayTraces } from './src/testing/replay-traces';
export type { ReplayTracesOptions } from './src/testing/replay-traces';
