import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Rerun, rerunTrace } from '../rerun/rerun-trace';
import { bundleForRerun } from '../rerun/sandbox';
import { parseSavedTrace, type SavedTrace } from '../traces/saved-trace';
import { bundleForReplay, replayTrace } from './replay-traces';

/** On which app a trace is run again, and what may differ. */
export interface RerunOptions {
  /** The file that exports the app's definitions, absolute. */
  readonly app: string;
  /** True: the same steps in the same order, as `replayTraces` wants them. Default true. */
  readonly strict?: boolean;
}

/**
 * Makes a past run again on the present code, with no server and nothing done: the answers of steps come from its trace.
 *
 * With `strict: true` it stops at the first step that differs, and gives the difference. With `strict: false` each step
 * is answered by the recorded step that says the same, wherever that stands, so the present code may differ and goes on:
 * a step that writes and has no recorded answer succeeds, one that reads finds nothing, and one of the app's activities
 * ends the run there, which is told as `stopped`. The last attempt is taken; its clock and its random numbers are those of then.
 *
 * @param trace what `client.traces.save(id)` gave, or the file that `nightshift trace save <id>` wrote
 * @throws {InvalidInputError} code `trace_invalid`
 * @throws {NotFoundError} code `handler_unknown` if the app has no handler of that name (`strict: false`)
 * @throws {ConfigError} code `bundle_failed`
 * @example
 * const { unanswered, difference } = await rerun('test/traces/onSignup.signup-1.json', { app, strict: false });
 */
export function rerun(
  trace: SavedTrace | string,
  options: RerunOptions & { readonly strict?: true },
): Promise<Pick<Rerun, 'difference'>>;
export function rerun(
  trace: SavedTrace | string,
  options: RerunOptions & { readonly strict: false },
): Promise<Rerun>;
export async function rerun(
  trace: SavedTrace | string,
  { app, strict = true }: RerunOptions,
): Promise<Pick<Rerun, 'difference'>> {
  const saved =
    typeof trace === 'string'
      ? parseSavedTrace(readFileSync(trace, 'utf8'), basename(trace))
      : trace;
  if (!strict) return rerunTrace(saved, await bundleForRerun(resolve(app)));
  const difference = await replayTrace(saved, await bundleForReplay(app));
  return difference === undefined ? {} : { difference };
}
