import type {
  FailedRecord,
  MigrationHandle,
  MigrationReport,
  NightshiftClient,
} from '../../client';
import { NightshiftError, NotFoundError } from '../shared/errors';
import { handledOf } from '../shared/migration';
import { ALL_QUEUES } from '../shared/rules';
import { pathTo } from './parts/text';
import { within } from './within';

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
  readonly home: { readonly title: string; readonly href: string };
}

export interface OperationFailure {
  readonly id: string;
  readonly why: string;
  readonly isEvent: boolean;
}

type OperationKind = (client: NightshiftClient, name: string) => RunningOperation;

/** What the page's buttons do; those that it cannot do are absent. */
export interface RunningOperation {
  read(): Promise<ShownOperation>;
  /** Settles at its end, whatever that is. */
  result(): Promise<unknown>;
  cancel(): Promise<void>;
  pause?(): Promise<void>;
  resume?(): Promise<void>;
}

const redrives =
  (status: 'error' | 'missing'): OperationKind =>
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
          home: homeOf(name),
          ...timesOf(times),
        };
      },
      result: () => operation.result(),
      cancel: () => operation.cancel(),
      pause: () => operation.pause(),
      resume: () => operation.resume(),
    };
  };

/** Every kind that there is, as in paths. */
const OPERATION_KINDS: Readonly<Record<string, OperationKind | undefined>> = {
  redrive: redrives('error'),
  'redrive-missing': redrives('missing'),
  resume: (client, name) => {
    const operation = client.queues.drain(name);
    return {
      async read() {
        const { state, total, released, rate, why, failures, ...times } =
          await operation.progress();
        return {
          title: name === ALL_QUEUES ? 'Resume of all queues' : `Resume of ${name}`,
          ...{ state, unit: 'event', total, done: released, doneWord: 'let go', rate },
          failed: failures.length,
          ...(why === undefined ? {} : { why }),
          failures: failures.map(({ id, error }) => ({ id, why: error, isEvent: true })),
          home: homeOf(name),
          ...timesOf(times),
        };
      },
      result: () => operation.result(),
      cancel: () => operation.cancel(),
    };
  },
  migration: (client, name) => {
    const operation = client.migrations.get(name);
    return {
      async read() {
        const progress = await operation.progress();
        const { state, dryRun, total, failed, rate, ...times } = progress;
        const failures = times.endedAt === undefined ? [] : await failuresOf(operation);
        return {
          title: dryRun ? `Dry run of ${name}` : `Migration ${name}`,
          ...{ state, unit: 'record', total, failed, rate },
          ...{ done: handledOf(progress) - failed, doneWord: dryRun ? 'tried' : 'copied' },
          failures: failures.map(({ key, reason }) => ({ id: key, why: reason, isEvent: false })),
          home: { title: 'Datastores', href: '/data' },
          ...timesOf(times),
        };
      },
      result: () => operation.result(),
      cancel: () => operation.cancel(),
      pause: () => operation.pause(),
      resume: () => operation.resume(),
    };
  },
};

/** The report of one that failed stands in its error. */
async function failuresOf(operation: MigrationHandle): Promise<readonly FailedRecord[]> {
  try {
    return (await operation.result()).failures;
  } catch (error) {
    if (!(error instanceof NightshiftError)) throw error;
    const { failures } = error.details as Partial<MigrationReport>;
    return failures ?? [];
  }
}

const homeOf = (handler: string): ShownOperation['home'] =>
  handler === ALL_QUEUES
    ? { title: 'Overview', href: '/' }
    : { title: handler, href: pathTo('/handlers', handler) };

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

/** By which its page remembers it: what begins one drops that. */
export const operationKey = (kind: string, name: string): string => `operation ${kind} ${name}`;

const SOON_MS = 2000;

/** The page to show when it was begun: its own, or `home` where it is over at once, and well. */
export async function placeAfter(
  kind: string,
  name: string,
  home: string,
  client: NightshiftClient,
): Promise<string> {
  const operation = operationOf(kind, name, client);
  const ended = operation.result().then(
    () => true,
    () => true,
  );
  if ((await within(ended, SOON_MS)) === true) {
    const { state, failed } = await operation.read();
    if (state === 'done' && failed === 0) return home;
  }
  return pathTo('/operations', kind, name);
}

/** @throws {NotFoundError} code `operation_not_found` for a kind that there is not */
export function operationOf(
  kind: string,
  name: string,
  client: NightshiftClient,
): RunningOperation {
  const of = Object.hasOwn(OPERATION_KINDS, kind) ? OPERATION_KINDS[kind] : undefined;
  if (of === undefined)
    throw new NotFoundError('operation_not_found', `There is no operation "${kind}"`);
  return of(client, name);
}
