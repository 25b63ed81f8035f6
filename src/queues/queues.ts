import type { Client } from '@temporalio/client';
import { pauseSchedule } from '../crons/pause-schedule';
import type { HandlerDefinition } from '../definitions/app';
import type { Redriven } from '../events/redriven';
import { createOperation, type Operation } from '../operations/operation';
import { ConflictError, InvalidInputError, NotFoundError } from '../shared/errors';
import { workflowIdOf } from '../shared/ids';
import { nearest } from '../shared/nearest';
import { checkRate } from '../shared/rate';
import {
  checkCanary,
  RESUME_WORKFLOW,
  type ResumeInput,
  type ResumeProgress,
  startedResume,
} from '../shared/resume';
import {
  ALL_QUEUES,
  type QueueState,
  type Rule,
  type RuleChange,
  type RuleKind,
  stateOf,
} from '../shared/rules';
import { type Counts, countByStatus, countStuck } from './counts';
import type { Held, HeldSummary } from './held';
import { liftRule } from './lift-rule';
import type { MissingList } from './missing-list';
import { checkQueueName } from './queue-name';
import { heldOf } from './release-held';
import type { RuleNote, Rules } from './rules';
import type { ServedHandlers } from './served-handlers';

/** The events of one handler that are not finished, and what holds them. */
export interface Queue {
  readonly name: string;
  /** `missing`: no handler of that name is served. */
  readonly kind: 'worker' | 'cron' | 'missing';
  /** `block` wins where both rules stand. */
  readonly state: QueueState;
  /** Those on the handler itself and those on all, block first. */
  readonly rules: readonly Rule[];
  /** By status; `scheduled` events count as `locked`. Temporal's lists may be late by some milliseconds. */
  readonly counts: Counts;
  /**
   * How many events cannot go on because their code differs from what they have done so far: `describe()` of such an
   * event says why. Known about a minute after it happened.
   */
  readonly stuck: number;
  /** How many events wait because of a rule: exact. They are `new`. */
  readonly held: number;
  /** When the oldest held event was emitted. */
  readonly oldest?: Date;
  /** Since when an event has been held. */
  readonly heldSince?: Date;
}

export interface ResumeOptions extends RuleNote {
  /** So many events a second. Default: as fast as they can be handled. */
  readonly rate?: number;
  /** Let so many of the held events through first, and stop if one of them fails. */
  readonly canary?: number;
}

/** What became of a change of rules. */
export interface RuleOutcome {
  readonly name: string;
  /** The queue's state now. */
  readonly state: QueueState;
  readonly rules: readonly Rule[];
  /** False for a name that no handler has: its events are on the 404 list. */
  readonly handled: boolean;
}

export type ResumeOperation = Operation<ResumeProgress>;

type Name = HandlerDefinition | string;

export interface Queues {
  /** Every handler of the app, and every other name with a rule or with held events; by name. */
  list(): Promise<Queue[]>;
  /** @throws {NotFoundError} code `handler_unknown`, naming the nearest */
  get(name: Name): Promise<Queue>;
  /**
   * Holds the events of a handler, or of all with `*`: no event is let through any more when it resolves, retries
   * included. Events that run already finish. A cron's schedule stops too.
   * @param note.reason why, and `note.by` who: shown wherever the queue is
   * @throws {NotFoundError} code `handler_unknown`, naming the nearest. A name of the 404 list is fine
   * @example await client.queues.pause('sendWelcome', { reason: 'mail server down', by: 'ops' })
   */
  pause(name: Name, note?: RuleNote): Promise<RuleOutcome>;
  /**
   * Takes the pause off, and lets the held events go, oldest first; new ones run at once. Resolves when the rule is off
   * (with `canary`: when that has begun); the operation tells how far the held events are. The last call wins.
   * @throws {ConflictError} code `not_paused` if neither a pause stands nor an event is held
   * @throws {InvalidInputError} code `rate_invalid`
   * @example
   * const resume = await client.queues.resume('sendWelcome', { rate: 20, canary: 5 });
   * console.log(await resume.result());
   */
  resume(name: Name, options?: ResumeOptions): Promise<ResumeOperation>;
  /** Holds a queue as `pause` does, for an administrator: only `unblock` takes it off. */
  block(name: Name, note?: RuleNote): Promise<RuleOutcome>;
  /** Takes the block off, and lets the held events go unless the queue is paused as well. */
  unblock(name: Name, options?: Omit<ResumeOptions, 'canary'>): Promise<ResumeOperation>;
  /** The resume or unblock of the queue that was begun last. */
  drain(name: Name): ResumeOperation;
  /** Who paused, resumed, blocked and unblocked it, and why; newest last. */
  log(name: Name): Promise<RuleChange[]>;
}

export interface QueuesDeps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
  readonly rules: Rules;
  readonly held: Held;
  readonly redriven: Redriven;
  readonly served: ServedHandlers;
  readonly missing: MissingList;
}

export function createQueues(deps: QueuesDeps): Queues {
  const { client, app, rules, held } = deps;

  const drain = (name: string): ResumeOperation =>
    createOperation({ client, workflowId: idOf(app, name), what: `resume of queue "${name}"` });

  const setRule = async (given: Name, kind: RuleKind, note: RuleNote): Promise<RuleOutcome> => {
    const name = nameOf(given);
    const { handled } = await known(name, deps);
    await rules.set(name, kind, checkNote(note));
    if (name !== ALL_QUEUES) {
      await pauseSchedule(name, note, deps);
    }
    const standing = (await rules.readGate(name)).rules;
    return { name, state: stateOf(standing), rules: standing, handled };
  };

  const lift = async (
    given: Name,
    kind: RuleKind,
    { rate, canary, ...note }: ResumeOptions,
  ): Promise<ResumeOperation> => {
    const name = nameOf(given);
    checkRate(rate);
    checkCanary(canary);
    const standing = await rules.get(name);
    const rule = standing.rules.find((one) => one.kind === kind);
    if (rule === undefined) await checkLeftBehind(name, kind, deps);
    if (canary !== undefined) await checkCanaryCan(name, rule, rules);
    const input: ResumeInput = {
      ...{ queue: name, kind, revision: standing.revision, note: checkNote(note) },
      ...(rate === undefined ? {} : { rate }),
      ...(canary === undefined ? {} : { canary }),
    };
    // First the workflow, which would take the rule off by itself: whatever dies in between, no event is left behind.
    await startResume(input, deps);
    if (canary === undefined)
      await liftRule(name, kind, input.note, input.revision, { rules, client, app });
    return drain(name);
  };

  return {
    async list() {
      const [served, standing, summary] = await Promise.all([
        deps.served.list(),
        rules.list(),
        held.summary(),
      ]);
      const kinds = new Map(served?.map(({ name, kind }) => [name, kind]));
      const all = standing.find(({ name }) => name === ALL_QUEUES)?.rules ?? [];
      const ruled = standing.filter((one) => one.rules.length > 0 && one.name !== ALL_QUEUES);
      const names = new Set([...kinds.keys(), ...ruled.map(({ name }) => name), ...summary.keys()]);
      return Promise.all(
        [...names].sort().map(async (name) => {
          const own = ruled.find((one) => one.name === name)?.rules ?? [];
          const seen = await seenOf(name, deps);
          return queueOf(name, kinds.get(name), [...own, ...all], seen, summary.get(name));
        }),
      );
    },

    async get(given) {
      const name = nameOf(given);
      const { kind } = await known(name, deps);
      const [reading, summary, seen] = await Promise.all([
        rules.readGate(name),
        held.summary(),
        seenOf(name, deps),
      ]);
      return queueOf(name, kind, reading.rules, seen, summary.get(name));
    },

    pause: (name, note = {}) => setRule(name, 'pause', note),
    block: (name, note = {}) => setRule(name, 'block', note),
    resume: (name, options = {}) => lift(name, 'pause', options),
    unblock: (name, options = {}) => lift(name, 'block', options),
    drain: (name) => drain(nameOf(name)),
    async log(given) {
      const name = nameOf(given);
      await known(name, deps);
      return rules.log(name);
    },
  };
}

const idOf = (app: string, queue: string): string =>
  workflowIdOf(app, `${RESUME_WORKFLOW}/${queue}`);

type Seen = Pick<Queue, 'counts' | 'stuck'>;

async function seenOf(name: string, deps: QueuesDeps): Promise<Seen> {
  const [counts, stuck] = await Promise.all([countByStatus(name, deps), countStuck(name, deps)]);
  return { counts, stuck };
}

function queueOf(
  name: string,
  kind: 'worker' | 'cron' | undefined,
  rules: readonly Rule[],
  { counts, stuck }: Seen,
  held: HeldSummary | undefined,
): Queue {
  const blockFirst = [...rules].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
  return {
    name,
    kind: kind ?? 'missing',
    state: stateOf(rules),
    rules: blockFirst,
    // Temporal's lists lag behind; what is held is known exactly
    counts: { ...counts, new: Math.max(counts.new, held?.count ?? 0) },
    stuck,
    held: held?.count ?? 0,
    ...(held === undefined ? {} : { oldest: held.oldest, heldSince: held.since }),
  };
}

function nameOf(given: Name): string {
  const name = typeof given === 'string' ? given : given.name;
  checkQueueName(name);
  return name;
}

interface Known {
  readonly handled: boolean;
  readonly kind?: 'worker' | 'cron';
}

/** A name may be paused that a handler has, or that events were emitted to; any other is probably a typo. */
async function known(name: string, { served, missing, rules, held }: QueuesDeps): Promise<Known> {
  if (name === ALL_QUEUES) return { handled: true };
  const handlers = await served.list();
  const handler = handlers?.find((one) => one.name === name);
  if (handler !== undefined) return { handled: true, kind: handler.kind };
  const [listed, standing] = await Promise.all([missing.list(), rules.get(name)]);
  // Where no worker process was ever started, nobody knows which names there are.
  if (handlers === undefined || standing.revision > 0 || listed.some((one) => one.name === name))
    return { handled: false };
  if ((await held.count(name)) > 0) return { handled: false };
  const names = [...handlers, ...listed].map((one) => one.name);
  const near = nearest(name, names);
  throw new NotFoundError('handler_unknown', `The app has no handler "${name}"`, {
    details: { name, handlers: handlers.map((one) => one.name) },
    remedies: [
      near === undefined
        ? `its handlers: ${handlers.map((one) => one.name).join(', ') || 'none'}`
        : `did you mean "${near}"?`,
    ],
  });
}

const MAX_NOTE = 1000;

function checkNote({ reason, by }: RuleNote): RuleNote {
  for (const [what, text] of Object.entries({ reason, by }) as [string, unknown][]) {
    if (text === undefined || (typeof text === 'string' && text.length <= MAX_NOTE)) continue;
    throw new InvalidInputError(
      'rule_invalid',
      `Option "${what}" must be a text of at most ${MAX_NOTE} characters, got ${
        typeof text === 'string' ? `${text.length} characters` : typeof text
      }`,
    );
  }
  return { ...(reason === undefined ? {} : { reason }), ...(by === undefined ? {} : { by }) };
}

/** A canary must be able to pass: only its own pause lets it. */
async function checkCanaryCan(name: string, rule: Rule | undefined, rules: Rules): Promise<void> {
  if (rule === undefined)
    throw new ConflictError('not_paused', `A canary needs a paused queue; "${name}" is not paused`);
  const other = (await rules.readGate(name)).rules.find(
    ({ kind, on }) => kind !== 'pause' || on !== name,
  );
  if (other === undefined) return;
  throw new ConflictError(
    'still_held',
    `A canary of "${name}" would not run: it is ${heldBy(other)}`,
    { remedies: [`first: ${undoOf(other)}`] },
  );
}

/**
 * Without a rule there is nothing to take off, unless events are held all the same: those of a resume that was ended by
 * hand.
 */
async function checkLeftBehind(name: string, kind: RuleKind, deps: QueuesDeps): Promise<void> {
  const { held, rules } = deps;
  await known(name, deps);
  const [other] = (await rules.readGate(name)).rules;
  if (other === undefined && (await held.count(await heldOf(name, rules))) > 0) return;
  const code = kind === 'pause' ? 'not_paused' : 'not_blocked';
  const what = name === ALL_QUEUES ? 'All queues together are' : `Queue "${name}" is`;
  const message = `${what} not ${DONE[kind]}`;
  if (other === undefined) throw new ConflictError(code, message, { details: { name } });
  throw new ConflictError(code, `${message}, it is ${heldBy(other)}`, {
    details: { name },
    remedies: [undoOf(other)],
  });
}

const DONE = { pause: 'paused', block: 'blocked' } as const;

const heldBy = ({ kind, on }: Rule): string =>
  `${DONE[kind]}${on === ALL_QUEUES ? ' with all queues' : ''}`;

const undoOf = ({ kind, on }: Rule): string =>
  `nightshift ${kind === 'pause' ? 'resume' : 'unblock'} ${on === ALL_QUEUES ? `'${on}'` : on}`;

/** The last one wins: an older one of the queue, wherever it is, is ended. What it did not do, the new one does. */
async function startResume(input: ResumeInput, { client, app, now }: QueuesDeps): Promise<void> {
  const { queue, kind } = input;
  await client.workflow.start(RESUME_WORKFLOW, {
    workflowId: idOf(app, queue),
    taskQueue: app,
    args: [input],
    memo: { progress: startedResume(input, new Date(now())) },
    staticSummary: `${kind === 'pause' ? 'resume' : 'unblock'} ${queue}`,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  });
}
