import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { InvalidInputError } from '../../../src/shared/errors';
import { parseSavedTrace } from '../../../src/traces/saved-trace';
import type { Edge } from '../edge';
import { mutated, odd, texts } from '../texts';

const FOLDER = join(__dirname, '..', '..', '..', 'examples', 'pets', 'test', 'traces');
const saved = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => readFileSync(join(FOLDER, file), 'utf8'));

/** A trace with one of its parts replaced. */
const broken = fc
  .tuple(
    fc.constantFrom(...saved),
    fc.constantFrom(
      'id',
      'handler',
      'app',
      'runs',
      'attempt',
      'expected',
      'history',
      'steps',
      'ended',
    ),
    odd,
  )
  .map(([text, name, value]) =>
    JSON.stringify(JSON.parse(text, (key, given: unknown) => (key === name ? value : given))),
  );

/** A file that is no saved trace is refused with its name; what is accepted has the parts of one. */
export const savedTraces: Edge<string> = {
  name: 'saved traces',
  share: 80,
  inputs: fc.oneof(
    broken,
    mutated(saved),
    texts,
    odd.map((value) => JSON.stringify(value) ?? ''),
    odd.map((runs) => JSON.stringify({ format: 1, id: 'a', handler: 'b', app: 'c', runs })),
  ),
  try(text) {
    let trace;
    try {
      trace = parseSavedTrace(text, 'a.json');
    } catch (error) {
      if (error instanceof InvalidInputError && error.code === 'trace_invalid') return;
      throw error;
    }
    for (const run of trace.runs)
      if (
        !Array.isArray(run.expected.steps) ||
        !run.expected.steps.every(({ name }) => typeof name === 'string')
      )
        throw new Error('a trace without steps was accepted');
    if (typeof trace.id !== 'string' || typeof trace.handler !== 'string')
      throw new Error('a trace without id or handler was accepted');
  },
};
