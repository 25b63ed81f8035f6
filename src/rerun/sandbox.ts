import type { InjectedSinks } from '@temporalio/worker';
import { type AppBundle, bundleApp } from '../app/bundle-app';
import { type RerunInput, type RerunSinks, type RerunStep } from '../shared/rerun';
import { fromTagged } from '../shared/value-json';
import { historyToRerun, type JsonHistory } from './history';
import { always, createReplayer } from './replayer';

export type RunEnd =
  | { readonly value: unknown }
  | { readonly error: { readonly type: string; readonly message: string } };

/** What a run did with what it was given. */
export interface SandboxRun {
  readonly steps: readonly RerunStep[];
  /** Where reads wait: the arguments of steps as tagged JSON, by the steps' numbers. */
  readonly asked: ReadonlyMap<number, string>;
  /** Absent if it came to no end. */
  readonly end?: RunEnd;
  /** The app has no handler of that name. */
  readonly missing: boolean;
  /** Whether there are sleeps that more ticks would end. */
  readonly sleeps: boolean;
  /** Why Temporal ended it, e.g. an endless loop. */
  readonly stopped?: string;
}

/** Runs handlers of one bundle, without any server. */
export interface Sandbox {
  run(past: JsonHistory, workflowId: string, input: RerunInput): Promise<SandboxRun>;
  close(): Promise<void>;
}

// Each costs some 3 ms, also where the run has ended before.
const MORE_TICKS = 16;
/** So many sleeps a run may have, one after the other. */
export const MAX_TICKS = 1_024;

/** Bundles an app so that its handlers can be run with `createSandbox`. */
export const bundleForRerun = (app: string): Promise<AppBundle> =>
  bundleApp(app, { interceptors: [require.resolve('../workflows/rerun')] });

export function createSandbox(bundle: AppBundle): Sandbox {
  let told = new Told();
  let ticks = 1;
  const replayer = createReplayer(
    bundle,
    sinksInto(() => told),
  );

  const runOnce = async (history: JsonHistory, workflowId: string): Promise<Told> => {
    const stopped = await replayer.replay(history, workflowId, () => (told = new Told()));
    if (stopped !== undefined) told.stopped = stopped;
    return told;
  };

  return {
    async run(past, workflowId, input) {
      for (;;) {
        const run = await runOnce(historyToRerun(past, input, ticks), workflowId);
        if (!run.sleeps || run.stopped !== undefined || ticks === MAX_TICKS) return run;
        ticks = Math.min(ticks * MORE_TICKS, MAX_TICKS);
      }
    },
    close: () => replayer.close(),
  };
}

class Told implements SandboxRun {
  readonly steps: RerunStep[] = [];
  readonly asked = new Map<number, string>();
  end?: RunEnd;
  missing = false;
  sleeps = false;
  stopped?: string;
}

function sinksInto(told: () => Told): InjectedSinks<RerunSinks> {
  return {
    nightshift: {
      step: always((_info, step: RerunStep) => void told().steps.push(step)),
      asked: always((_info, number: number, args: string) => void told().asked.set(number, args)),
      tick: always((_info, ended: boolean) => {
        told().sleeps = ended && told().end === undefined;
      }),
      value: always((_info, value: string) => {
        told().end = { value: fromTagged(JSON.parse(value)) };
      }),
      error: always((_info, type: string, message: string) => {
        told().end = { error: { type, message } };
      }),
      missing: always(() => {
        told().missing = true;
      }),
    },
  };
}
