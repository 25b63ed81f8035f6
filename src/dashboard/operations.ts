import type { NightshiftClient, Operation } from '../../client';
import { handledOf } from '../shared/migration';

/** A long piece of work as its page shows it, whatever it is. */
export interface ShownOperation {
  readonly title: string;
  /** Its own word: `running`, `paused`, `done`, … */
  readonly state: string;
  /** What is counted: `event`, `record`. */
  readonly unit: string;
  /** Absent until it is known. */
  readonly total?: number;
  readonly done: number;
  /** What was done: `redriven`, `released`. */
  readonly doneWord: string;
  readonly failed: number;
  /** A second. */
  readonly rate: number;
  readonly startedAt: Date;
  readonly endedAt?: Date;
  readonly why?: string;
  /** The first of those that failed. */
  readonly failures: readonly OperationFailure[];
  /** The page that it belongs to. */
  readonly home: readonly [title: string, place: string, name: string];
}

export interface OperationFailure {
  readonly id: string;
  readonly why: string;
  readonly isEvent: boolean;
}

export interface OperationKind {
  readonly of: (client: NightshiftClient, name: string) => RunningOperation;
}

/** What the page's buttons do; those that it cannot do are absent. */
export interface RunningOperation {
  read(): Promise<ShownOperation>;
  cancel(): Promise<void>;
  pause?(): Promise<void>;
  resume?(): Promise<void>;
}

const redrives =
  (status: 'error' | 'missing'): OperationKind['of'] =>
  (client, name) => {
    const operation = client.events.redriving(name, status);
    return {
      async read() {
        const { state, total, redriven, passedOver, rate, problems, ...times } =
          await operation.progress();
        return {
          title: `Redrive of ${name}`,
          ...{
            state,
            unit: 'event',
            done: redriven,
            doneWord: 'redriven',
            failed: passedOver,
            rate,
          },
          ...(state === 'collecting' ? {} : { total }),
          failures: problems.map((problem) => ({ ...problem, isEvent: true })),
          home: ['Handlers', '/handlers', name],
          ...timesOf(times),
        };
      },
      cancel: () => operation.cancel(),
      pause: () => operation.pause(),
      resume: () => operation.resume(),
    };
  };

/** Every kind that there is, as in paths. */
export const OPERATION_KINDS: Readonly<Record<string, OperationKind['of'] | undefined>> = {
  redrive: redrives('error'),
  'redrive-missing': redrives('missing'),
  resume: (client, name) => {
    const operation = client.queues.drain(name);
    return {
      async read() {
        const { state, total, released, rate, why, failures, ...times } =
          await operation.progress();
        return {
          title: name === '*' ? 'Resume of all queues' : `Resume of ${name}`,
          ...{ state, unit: 'event', total, done: released, doneWord: 'let go', rate },
          failed: failures.length,
          ...(why === undefined ? {} : { why }),
          failures: failures.map(({ id, error }) => ({ id, why: error, isEvent: true })),
          home: ['Handlers', '/handlers', name],
          ...timesOf(times),
        };
      },
      cancel: () => operation.cancel(),
    };
  },
  migration: (client, name) => {
    const operation = client.migrations.get(name);
    return {
      async read() {
        const progress = await operation.progress();
        const { state, dryRun, total, failed, rate, ...times } = progress;
        const failures = state === 'done' ? (await operation.result()).failures : [];
        return {
          title: dryRun ? `Dry run of ${name}` : `Migration ${name}`,
          ...{ state, unit: 'record', total, failed, rate },
          ...{ done: handledOf(progress) - failed, doneWord: dryRun ? 'tried' : 'copied' },
          failures: failures.map(({ key, reason }) => ({ id: key, why: reason, isEvent: false })),
          home: ['Datastores', '/data', ''],
          ...timesOf(times),
        };
      },
      cancel: () => operation.cancel(),
      pause: () => operation.pause(),
      resume: () => operation.resume(),
    };
  },
};

const timesOf = ({
  startedAt,
  endedAt,
}: {
  startedAt: Date;
  endedAt?: Date;
}): Pick<ShownOperation, 'startedAt' | 'endedAt'> => ({
  startedAt,
  ...(endedAt === undefined ? {} : { endedAt }),
});

const SOON_MS = 2000;

/** True if it ends within a moment, well or badly: then there is nothing to watch. */
export async function soonEnded(operation: Pick<Operation<unknown>, 'result'>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), SOON_MS);
  });
  const ended = operation.result().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([ended, over]);
  } finally {
    clearTimeout(timer);
  }
}
