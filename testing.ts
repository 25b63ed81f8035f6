/**
 * Tests of apps: real Temporal, real MongoDB, nothing mocked.
 * @module
 */
export { createTestApp } from './src/testing/create-test-app';
export type {
  EventOutcome,
  TestApp,
  TestAppOptions,
  TestEmitOptions,
} from './src/testing/create-test-app';
export { exercise } from './src/testing/exercise';
export type { ExerciseOptions } from './src/testing/exercise';
export { replayTraces } from './src/testing/replay-traces';
export type { ReplayTracesOptions } from './src/testing/replay-traces';
export { rerun } from './src/testing/rerun';
export type { RerunOptions } from './src/testing/rerun';
export type { NowStep } from './src/rerun/now-run';
export type { Rerun } from './src/rerun/rerun-trace';
export type { SavedTrace } from './src/traces/saved-trace';
