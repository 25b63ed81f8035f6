import { pauseSchedule } from '../crons/pause-schedule';
import type { HandlerDefinition } from '../definitions/app';
import { createOperation, type Operation } from '../operations/operation';
import { InvalidInputError } from '../shared/errors';
import { checkRate } from '../shared/rate';
import { checkCanary, type ResumeInput, type ResumeProgress } from '../shared/resume';
import {
  ALL_QUEUES,
  type QueueState,
  type Rule,
  type RuleChange,
  type RuleKind,
  stateOf,
} from '../shared/rules';
import { checkCanaryCan, checkLeftBehind } from './check-lift';
import type { HeldSummary } from './held';
import { known } from './known-name';
import { liftRule } from './lift-rule';
import { type Queue, type QueueStanding, seenOf, standingOf, withCounts } from './queue';
import { checkQueueName } from './queue-name';
import type { QueuesDeps } from './queues-deps';
import type { RuleNote, StandingRules } from './rules';
import { resumeIdOf, startResume } from './start-resume';

/** How gently held events are let go. */
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

/** A resume that runs, or has run: durable, with progress. */
export type ResumeOperation = Operation<ResumeProgress>;

type Name = HandlerDefinition | string;

/** The app's queues and the rules on them, as `client.queues`. */
export interface Queues {
  /** Every handler of the app, and every other name with a rule or with held events; by name. */
  list(): Promise<Queue[]>;
  /** The same without counts of events that no rule holds: for who asks often, as it costs Temporal nothing. */
  standings(): Promise<QueueStanding[]>;
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

export function createQueues(deps: QueuesDeps): Queues {
  const { client, app, rules, held } = deps;

  const drain = (name: string): ResumeOperation =>
    createOperation({
      client,
      workflowId: resumeIdOf(app, name),
      what: `resume of queue "${name}"`,
    });

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

  const readNamed = async (): Promise<Named> => {
    const [served, standing] = await Promise.all([deps.served.list(), rules.list()]);
    return {
      kinds: new Map(served?.map(({ name, kind }) => [name, kind])),
      all: standing.find(({ name }) => name === ALL_QUEUES)?.rules ?? [],
      ruled: standing.filter((one) => one.rules.length > 0 && one.name !== ALL_QUEUES),
    };
  };

  return {
    async standings() {
      const [named, summary] = await Promise.all([readNamed(), held.summary()]);
      return standingsOf(named, summary);
    },

    async list() {
      const named = await readNamed();
      // Both take the longer, the more are held: so side by side
      const [summary, seen] = await Promise.all([
        held.summary(),
        Promise.all(namesOf(named).map(async (name) => [name, await seenOf(name, deps)] as const)),
      ]);
      const seenBefore = new Map(seen);
      return Promise.all(
        standingsOf(named, summary).map(async (standing) => {
          const { name } = standing;
          return withCounts(standing, seenBefore.get(name) ?? (await seenOf(name, deps)));
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
      return withCounts(standingOf(name, kind, reading.rules, summary.get(name)), seen);
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

function nameOf(given: Name): string {
  const name = typeof given === 'string' ? given : given.name;
  checkQueueName(name);
  return name;
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

/** The queues that have a handler, or a rule. */
interface Named {
  readonly kinds: ReadonlyMap<string, 'worker' | 'cron'>;
  /** The rules on all queues. */
  readonly all: readonly Rule[];
  readonly ruled: readonly StandingRules[];
}

const namesOf = ({ kinds, ruled }: Named): readonly string[] => [
  ...new Set([...kinds.keys(), ...ruled.map(({ name }) => name)]),
];

function standingsOf(named: Named, summary: ReadonlyMap<string, HeldSummary>): QueueStanding[] {
  const names = new Set([...namesOf(named), ...summary.keys()]);
  return [...names].sort().map((name) => {
    const own = named.ruled.find((one) => one.name === name)?.rules ?? [];
    return standingOf(name, named.kinds.get(name), [...own, ...named.all], summary.get(name));
  });
}
