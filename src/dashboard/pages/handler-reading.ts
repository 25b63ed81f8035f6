import type {
  CronDescription,
  FailureGroup,
  ListedEvent,
  QueueStanding,
  RuleChange,
  ServedHandler,
} from '../../../client';
import { exampleOf } from '../../definitions/event-json';
import { NotFoundError } from '../../shared/errors';
import { operationOf, type ShownOperation } from '../operations';
import type { PageRequest } from '../page';
import { plainJson } from '../plain-json';
import type { HandlerNumbers } from '../sampler';
import { within } from '../within';

const FRESH_MS = 900;
const FAILURES_MS = 10_000;
const TRACES_MS = 30_000;
const PAYLOAD_MS = 300_000;
const HANDLERS_MS = 5_000;
/** What takes longer than that comes with the next look. */
const WAIT_MS = 300;
const TRACES = 10;
const MAX_PAYLOAD = 100_000;
/** Failures are read one by one. */
export const FAILURES = 500;

export const logKey = (name: string): string => `log ${name}`;

/** What the page knows of a handler. */
export interface ShownHandler {
  readonly numbers: HandlerNumbers;
  readonly request: PageRequest;
  /** Redrives and resumes that run. */
  readonly work: readonly { readonly kind: string; readonly shown: ShownOperation }[];
  /** Undefined while they are read. */
  readonly failures: SeenFailures | undefined;
  readonly traces: readonly ListedEvent[];
  readonly log: readonly RuleChange[];
  readonly cron: CronDescription | undefined;
  readonly served: ServedHandler | undefined;
  /** The newest event, else one of the type that the worker expects; as JSON. */
  readonly payload: string;
}

export interface SeenFailures {
  readonly at: Date;
  readonly groups: readonly FailureGroup[];
}

/** All that the page shows, from what is known and what must be asked. */
export async function readHandler(name: string, request: PageRequest): Promise<ShownHandler> {
  const numbers = await numbersOf(name, request);
  return { numbers, request, ...(await readMore(numbers, request)) };
}

/** The counts of the sample; rules and what is held as they are now. */
async function numbersOf(name: string, request: PageRequest): Promise<HandlerNumbers> {
  const { client, memo, sampler } = request;
  const [sample, standings] = await Promise.all([
    sampler.read(),
    memo.read('standings', FRESH_MS, () => client.queues.standings()),
  ]);
  const standing: QueueStanding =
    standings.find((one) => one.name === name) ?? (await client.queues.get(name));
  const counted = sample.handlers.find((one) => one.name === name);
  const none = { waiting: standing.held, running: 0, done: 0, failed: 0, unhandled: 0 };
  return { ...none, ...counted, ...standing };
}

async function readMore(
  { name, kind }: HandlerNumbers,
  request: PageRequest,
): Promise<Omit<ShownHandler, 'numbers' | 'request'>> {
  const { client, memo, now } = request;
  const { running, redrivenAt } = await memo.read(workKey(name), FRESH_MS, () =>
    readWork(name, client),
  );
  // After a redrive others are failed: those read before it are no longer asked for
  const failuresKey = `failures ${name} ${redrivenAt?.getTime() ?? ''}`;
  const failures = memo.read(failuresKey, FAILURES_MS, async () => ({
    at: new Date(now()),
    groups: await client.failures.list({ handler: name, limit: FAILURES }),
  }));
  const payload = memo.read(`payload ${name}`, PAYLOAD_MS, () => newestPayload(name, client));
  const [handlers, seen, traces, log, cron, newest] = await Promise.all([
    memo.read('handlers', HANDLERS_MS, () => client.handlers.list()),
    within(failures, WAIT_MS),
    tracesOf(name, request),
    memo.read(logKey(name), FRESH_MS, () => client.queues.log(name)),
    kind === 'cron'
      ? memo.read(`cron ${name}`, FRESH_MS, () => client.crons.get(name).catch(ifAbsent))
      : undefined,
    kind === 'cron' || request.role === 'read'
      ? '{}'
      : within(
          payload.catch(() => undefined),
          WAIT_MS,
        ),
  ]);
  const served = handlers.find((handler) => handler.name === name);
  const example = JSON.stringify(exampleOf(served?.event), null, 2);
  return { work: running, failures: seen, traces, log, cron, served, payload: newest ?? example };
}

const WORK = ['resume', 'redrive', 'redrive-missing'];

export const workKey = (name: string): string => `work ${name}`;

interface Work {
  readonly running: ShownHandler['work'];
  /** When the last redrive of failed events ended. */
  readonly redrivenAt: Date | undefined;
}

async function readWork(name: string, client: PageRequest['client']): Promise<Work> {
  const found = await Promise.all(
    WORK.map(async (kind) => {
      const shown = await operationOf(kind, name, client).read().catch(ifAbsent);
      return shown === undefined ? [] : [{ kind, shown }];
    }),
  );
  const all = found.flat();
  return {
    running: all.filter(({ shown }) => shown.endedAt === undefined),
    redrivenAt: all.find(({ kind }) => kind === 'redrive')?.shown.endedAt,
  };
}

/** The sample has those of the last hour, at once; what is older is read now and then. */
async function tracesOf(name: string, request: PageRequest): Promise<ListedEvent[]> {
  const { client, memo, sampler } = request;
  const recent = (await sampler.read()).ended.filter((event) => event.handler === name);
  if (recent.length >= TRACES) return recent.slice(0, TRACES);
  const older = await memo.read(`traces ${name}`, TRACES_MS, () =>
    client.traces.list(name, { limit: TRACES }),
  );
  const byEnd = new Map(
    [...recent, ...older].map((event) => [`${event.endedAt?.getTime()} ${event.id}`, event]),
  );
  return [...byEnd.values()]
    .sort((a, b) => (b.endedAt?.getTime() ?? 0) - (a.endedAt?.getTime() ?? 0))
    .slice(0, TRACES);
}

async function newestPayload(
  name: string,
  client: PageRequest['client'],
): Promise<string | undefined> {
  const [newest] = await client.events.list({ handler: name, limit: 1 });
  if (newest === undefined) return undefined;
  const { event } = await client.traces.get(newest.id);
  const json = JSON.stringify(plainJson(event), null, 2);
  return json.length > MAX_PAYLOAD ? undefined : json;
}

function ifAbsent(error: unknown): undefined {
  if (!(error instanceof NotFoundError)) throw error;
}
