import { type InjectedSinks, Worker } from '@temporalio/worker';
import type { Sinks } from '@temporalio/workflow';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import type { AppBundle } from '../app/bundle-app';
import { payloadConverterPath } from '../connections/data-converter';
import { messageOf } from '../shared/errors';
import { isFloating } from '../traces/replay-failure';

/** Replays histories with the handlers of one bundle, without any server. */
export interface Replayer {
  /**
   * Resolves to why Temporal stopped it; undefined if it came to its end.
   * @param begin called before each try: the sinks are told anew
   */
  replay(history: unknown, workflowId: string, begin: () => void): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Temporal replays in its debug mode, where a loop is never cut; its types do not have the option, its code does. */
const CUT_ENDLESS_LOOPS = { debugMode: false };

/** A sink that replays tell, too. */
export const always = <F>(fn: F): { fn: F; callDuringReplay: true } => ({
  fn,
  callDuringReplay: true,
});

export function createReplayer<S extends Sinks>(
  { bundle }: AppBundle,
  sinks: InjectedSinks<S>,
): Replayer {
  const histories = new Feed();
  const results = Worker.runReplayHistories(
    {
      workflowBundle: bundle,
      sinks,
      dataConverter: { payloadConverterPath },
      workflowThreadPoolSize: 1,
      ...CUT_ENDLESS_LOOPS,
    },
    histories,
  )[Symbol.asyncIterator]();

  const once = async (history: unknown, workflowId: string): Promise<string | undefined> => {
    histories.push({ workflowId, history: historyFromJSON(history) });
    const { value } = (await results.next()) as IteratorResult<{ error?: Error }, undefined>;
    return value?.error === undefined ? undefined : messageOf(value.error);
  };

  return {
    async replay(history, workflowId, begin) {
      begin();
      const stopped = await once(history, workflowId);
      if (stopped === undefined || !isFloating(stopped)) return stopped;
      begin();
      return once(history, workflowId);
    },
    async close() {
      histories.end();
      await results.next();
    },
  };
}

interface Entry {
  readonly workflowId: string;
  readonly history: unknown;
}

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
