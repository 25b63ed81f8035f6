import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type InjectedSinks, Worker } from '@temporalio/worker';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { type AppBundle, bundleApp } from '../app/bundle-app';
import { payloadConverterPath } from '../connections/data-converter';
import { CUT_ENDLESS_LOOPS, isEndless } from '../rerun/sandbox';
import { messageOf } from '../shared/errors';
import type { RecordedStep, ReplaySinks } from '../shared/trace';
import { fromTagged } from '../shared/value-json';
import { differenceOf, type ReplayedRun } from '../traces/difference';
import { parseSavedTrace, type SavedRun, type SavedTrace } from '../traces/saved-trace';

/** Which app the traces are replayed on. */
export interface ReplayTracesOptions {
  /** The file that exports the app's definitions, absolute or below the working directory. */
  readonly app: string;
}

const TIMEOUT_MS = 60_000;

/**
 * Declares one test for each trace that was saved into a folder (`nightshift trace save <id>`): the present code must
 * take the same steps, with the same arguments, and end alike. Nothing is run or stored but the handlers' own code: the
 * answers of steps come from the trace, and no server is needed. Call it in a test file of Jest, or of any test runner
 * that has a global `test(name, fn, timeout)`.
 * @throws {InvalidInputError} code `trace_invalid` for a file that is no saved trace, or one of another version
 * @example replayTraces(join(__dirname, 'traces'), { app: require.resolve('../app') });
 */
export function replayTraces(dir: string, { app }: ReplayTracesOptions): void {
  const { test } = globalThis as unknown as {
    test: (name: string, run: () => Promise<void>, timeoutMs: number) => void;
  };
  let bundle: Promise<AppBundle> | undefined;
  const bundled = (): Promise<AppBundle> => (bundle ??= bundleForReplay(app));
  for (const file of readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const trace = parseSavedTrace(readFileSync(join(dir, file), 'utf8'), file);
    test(
      `${trace.handler} does as it did: ${file}`,
      async () => {
        const difference = await replayTrace(trace, await bundled());
        if (difference !== undefined) throw new Error(difference);
      },
      TIMEOUT_MS,
    );
  }
}

/** Bundles an app so that replays of it tell what they do. */
export const bundleForReplay = (app: string): Promise<AppBundle> =>
  bundleApp(resolve(app), { interceptors: [require.resolve('../workflows/replay-sink')] });

/** How the present code differs from a saved trace, for people; undefined if it does not. */
export async function replayTrace(
  { handler, id, runs }: SavedTrace,
  bundle: AppBundle,
): Promise<string | undefined> {
  for (const run of runs) {
    const difference = differenceOf(run.expected, await replay(run, id, bundle));
    if (difference !== undefined)
      return `${handler} does not do as it did in attempt ${run.attempt} of event ${id}.\n${difference}`;
  }
  return undefined;
}

async function replay(
  { history }: SavedRun,
  workflowId: string,
  { bundle }: AppBundle,
): Promise<ReplayedRun> {
  const steps: RecordedStep[] = [];
  const repeated = new Set<number>();
  const end: Pick<ReplayedRun, 'value' | 'error'>[] = [];
  const told = <F>(fn: F): { fn: F; callDuringReplay: true } => ({ fn, callDuringReplay: true });
  const sinks: InjectedSinks<ReplaySinks> = {
    nightshift: {
      step: told((_info, step: RecordedStep) => void steps.push(step)),
      repeated: told((_info, seq: number) => void repeated.add(seq)),
      value: told(
        (_info, value: string) => void end.push({ value: fromTagged(JSON.parse(value)) }),
      ),
      error: told(
        (_info, type: string, message: string) => void end.push({ error: { type, message } }),
      ),
    },
  };
  let stopped: string | undefined;
  try {
    await Worker.runReplayHistory(
      {
        workflowBundle: bundle,
        sinks,
        dataConverter: { payloadConverterPath },
        ...CUT_ENDLESS_LOOPS,
        workflowThreadPoolSize: 1,
      },
      historyFromJSON(history),
      workflowId,
    );
  } catch (error) {
    const message = messageOf(error);
    stopped = isEndless(message) ? 'it does not come to an end: is it an endless loop?' : message;
  }
  const once = steps.filter(({ kind, seq }) => kind !== 'step' || !repeated.has(seq));
  return { steps: once, ...end.at(-1), ...(stopped === undefined ? {} : { stopped }) };
}
