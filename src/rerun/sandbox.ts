import { type InjectedSinks, Worker } from '@temporalio/worker';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { type AppBundle, bundleApp } from '../app/bundle-app';
import { payloadConverterPath } from '../connections/data-converter';
import { messageOf } from '../shared/errors';
import { type RerunInput, type RerunSinks, type RerunStep } from '../shared/rerun';
import { fromTagged } from '../shared/value-json';
import { historyToRerun, type JsonHistory } from './history';

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

/** Temporal replays in its debug mode, where a loop is never cut; its types do not have the option, its code does. */
export const CUT_ENDLESS_LOOPS = { debugMode: false };

/** Temporal's words for a loop that was cut. */
export const isEndless = (stopped: string): boolean => /Script execution timed out/.test(stopped);

/** Bundles an app so that its handlers can be run with `createSandbox`. */
export const bundleForRerun = (app: string): Promise<AppBundle> =>
  bundleApp(app, { interceptors: [require.resolve('../workflows/rerun')] });

export function createSandbox({ bundle }: AppBundle): Sandbox {
  const histories = new Feed();
  let told = new Told();
  let ticks = 1;
  const results = Worker.runReplayHistories(
    {
      workflowBundle: bundle,
      sinks: sinksInto(() => told),
      dataConverter: { payloadConverterPath },
      workflowThreadPoolSize: 1,
      ...CUT_ENDLESS_LOOPS,
    },
    histories,
  )[Symbol.asyncIterator]();

  const runOnce = async (history: JsonHistory, workflowId: string): Promise<Told> => {
    told = new Told();
    histories.push({ workflowId, history: historyFromJSON(history) });
    const { value } = (await results.next()) as IteratorResult<{ error?: Error }, undefined>;
    if (value?.error !== undefined) told.stopped = messageOf(value.error);
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
    async close() {
      histories.end();
      await results.next();
    },
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
  const always = <F>(fn: F): { fn: F; callDuringReplay: true } => ({ fn, callDuringReplay: true });
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

type Entry = { readonly workflowId: string; readonly history: unknown };

/** Histories as they come to be asked for. */
class Feed implements AsyncIterable<never> {
  readonly #entries: Entry[] = [];
  #wake: () => void = () => {};
  #ended = false;

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<never> {
    for (;;) {
      const entry = this.#entries.shift();
      if (entry !== undefined) yield entry as never;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
