import fc from 'fast-check';
import type { WorkerDefinition } from '../definitions/worker';
import { InvalidInputError } from '../shared/errors';
import { arbitraryOf } from './arbitrary';
import type { EventOutcome, TestApp } from './create-test-app';

/** How long a worker is exercised, and what must hold. */
export interface ExerciseOptions {
  /** How many events are made. Default 50. */
  readonly runs?: number;
  /** Where the random events start: a failure names its own, to be repeated. */
  readonly seed?: number;
  /** Asked of each outcome; throws if something is wrong. Default: the event must not end in error. */
  readonly check?: (outcome: EventOutcome, event: unknown) => void | Promise<void>;
}

const RUNS = 50;

/**
 * Emits events that are made from a worker's `event` schema, one after the other, and looks for one that fails: then it
 * seeks the smallest that does, and rejects with that event, the handler's error and the seed.
 * @throws {InvalidInputError} code `definition_invalid` if the worker has no `event` schema
 * @example
 * await using app = await createTestApp({ app: require.resolve('../app') });
 * await exercise(app, onSignup, { runs: 100 });
 */
export async function exercise<Event>(
  app: Pick<TestApp, 'emit'>,
  worker: WorkerDefinition<Event>,
  { runs = RUNS, seed, check = mustNotFail }: ExerciseOptions = {},
): Promise<void> {
  const { name, options } = worker;
  if (options.event === undefined) {
    throw new InvalidInputError(
      'definition_invalid',
      `Worker "${name}" has no "event" schema to make events from`,
      { remedies: [`worker('${name}', { event: t.Record({ … }) }, …)`] },
    );
  }
  const property = fc.asyncProperty(arbitraryOf(options.event), async (event) => {
    await check(await app.emit(event as never, worker), event);
  });
  await fc.assert(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
}

function mustNotFail({ status, error, id }: EventOutcome): void {
  if (status !== 'done') throw error ?? new Error(`Event ${id} ended as ${status}`);
}
