import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { InjectedSinks } from '@temporalio/worker';
import { type AppBundle, bundleApp } from '../app/bundle-app';
import { always, createReplayer } from '../rerun/replayer';
import type { RecordedStep, ReplaySinks } from '../shared/trace';
import { fromTagged } from '../shared/value-json';
import { differenceOf, type ReplayedRun } from '../traces/difference';
import { isEndless } from '../traces/replay-failure';
import { parseSavedTrace, type SavedTrace } from '../traces/saved-trace';

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
  let told = new Told();
  const replayer = createReplayer(
    bundle,
    sinksInto(() => told),
  );
  try {
    for (const { attempt, expected, history } of runs) {
      const stopped = await replayer.replay(history, id, () => (told = new Told()));
      const difference = differenceOf(expected, replayedRun(told, stopped));
      if (difference !== undefined)
        return `${handler} does not do as it did in attempt ${attempt} of event ${id}.\n${difference}`;
    }
  } finally {
    await replayer.close();
  }
  return undefined;
}

/** What the present code did. */
class Told {
  readonly steps: RecordedStep[] = [];
  readonly repeated = new Set<number>();
  end: Pick<ReplayedRun, 'value' | 'error'> = {};
}

function sinksInto(told: () => Told): InjectedSinks<ReplaySinks> {
  return {
    nightshift: {
      step: always((_info, step: RecordedStep) => void told().steps.push(step)),
      repeated: always((_info, seq: number) => void told().repeated.add(seq)),
      value: always((_info, value: string) => {
        told().end = { value: fromTagged(JSON.parse(value)) };
      }),
      error: always((_info, type: string, message: string) => {
        told().end = { error: { type, message } };
      }),
    },
  };
}

function replayedRun({ steps, repeated, end }: Told, why: string | undefined): ReplayedRun {
  const once = steps.filter(({ kind, seq }) => kind !== 'step' || !repeated.has(seq));
  if (why === undefined) return { steps: once, ...end };
  const stopped = isEndless(why) ? 'it does not come to an end: is it an endless loop?' : why;
  return { steps: once, ...end, stopped };
}
