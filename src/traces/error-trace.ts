import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { join, relative } from 'node:path';
import { projectRoot } from '../config';
import type { ErrorTrace } from './trace';

const MAX_CAUSES = 5;

export function errorTraceOf(error: Error, causes = MAX_CAUSES): ErrorTrace {
  // What a failed activity failed of, where Temporal's own message says only that it did.
  if (error instanceof ActivityFailure && error.cause instanceof Error)
    return errorTraceOf(error.cause, causes);
  const type = error instanceof ApplicationFailure ? (error.type ?? 'Error') : error.name;
  const inner =
    error.cause instanceof Error && causes > 0 ? errorTraceOf(error.cause, causes - 1) : undefined;
  // Temporal wraps what an activity threw once more, with the same words.
  const cause = inner?.message === error.message ? inner.cause : inner;
  const at = placeIn(error.stack ?? '');
  return {
    type,
    message: error.message,
    ...(at === undefined ? {} : { at }),
    ...(cause === undefined ? {} : { cause }),
  };
}

const FRAME = /^\s*at (?:.*\()?((?:file:\/\/)?\/?[^():]+?):(\d+):(\d+)\)?$/;
const NOT_THE_APPS = /node_modules|^node:/;
/** Where this package lies: lines of its own code tell a user nothing. */
const root = projectRoot(__dirname);
const OURS = ['src', 'dist', 'index'].map((name) => join(root, name));

/** The first line of a stack that is in the app's own code; Temporal has put its source maps to it. */
function placeIn(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const [, file, row, column] = FRAME.exec(line) ?? [];
    if (file === undefined || NOT_THE_APPS.test(file)) continue;
    if (OURS.some((path) => file.startsWith(path))) continue;
    const path = relative(process.cwd(), file);
    return `${path.startsWith('..') ? file : path}:${row}:${column}`;
  }
  return undefined;
}
