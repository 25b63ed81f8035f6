import { type Collection, type Db, type UpdateFilter } from 'mongodb';
import { isDuplicateKey, STRICT } from '../datastore/mongodb-options';
import { flagsIn, FLAGS_ID, type StoredFlags } from '../flags/flags';
import {
  ALL_QUEUES,
  type Rule,
  type RuleAction,
  type RuleChange,
  type RuleKind,
} from '../shared/rules';
import { together } from '../shared/together';

/** Why a rule stands, and who wanted it. */
export interface RuleNote {
  readonly reason?: string;
  readonly by?: string;
}

interface StoredRule extends RuleNote {
  readonly at: Date;
}

/** The rules on one queue, or on all; stays when none stands any more, because of its history. */
interface StoredRules {
  readonly _id: string;
  readonly name: string;
  /** Counts the changes: who took the rules off may say which ones they meant. */
  readonly revision: number;
  readonly pause?: StoredRule;
  readonly block?: StoredRule;
  /** Runs of events that pass the pause, to see whether they succeed. Not their retries: those are runs of their own. */
  readonly canary?: readonly string[];
  readonly log: readonly RuleChange[];
}

/** What the gate of an event reads, in one query; many events that ask at once share one. */
export interface GateReading {
  /** The rules that hold the event; none lets it run. */
  readonly rules: readonly Rule[];
  /** The names of the flags that are on. */
  readonly flags: readonly string[];
}

export interface StandingRules {
  readonly name: string;
  readonly revision: number;
  readonly rules: readonly Rule[];
}

export interface Rules {
  /** Strict: sees every change that was acknowledged before the call. `runId` may be let through as a canary. */
  readGate(handler: string, runId?: string): Promise<GateReading>;
  set(name: string, kind: RuleKind, note: RuleNote): Promise<void>;
  /** False if no such rule stands, or the rules have changed since `revision`. */
  lift(name: string, kind: RuleKind, note: RuleNote, revision?: number): Promise<boolean>;
  /** Lets these runs through the pause, or, with an empty list, none any more. False if the rules changed meanwhile. */
  letThrough(
    name: string,
    runIds: readonly string[],
    revision: number,
    change: RuleChange,
  ): Promise<boolean>;
  /** All that stand, by the name they are on; and those of names that had some once. */
  list(): Promise<StandingRules[]>;
  get(name: string): Promise<StandingRules>;
  /** Newest last; the last 200. */
  log(name: string): Promise<RuleChange[]>;
}

const PREFIX = 'rule:';
const KEPT_CHANGES = 200;
const KINDS: readonly RuleKind[] = ['block', 'pause'];
const UNDO = { pause: 'resume', block: 'unblock' } as const;

const idOf = (name: string): string => PREFIX + name;

/**
 * The rules of an app's queues, in collection `nightshift.rules`. The flags are a document of the same collection, so
 * that the gate of an event, which needs both, asks once.
 */
export function createRules(db: Db, now: () => Date): Rules {
  const collection: Collection<StoredRules> = db.collection('nightshift.rules', STRICT);
  const withoutLog = { projection: { log: 0 } } as const;

  const changed = (action: RuleAction, { reason, by }: RuleNote): RuleChange => ({
    action,
    ...(reason === undefined ? {} : { reason }),
    ...(by === undefined ? {} : { by }),
    at: now(),
  });
  const update = (
    change: RuleChange,
    what: UpdateFilter<StoredRules>,
  ): UpdateFilter<StoredRules> => ({
    ...what,
    $inc: { revision: 1 },
    $push: { log: { $each: [change], $slice: -KEPT_CHANGES } },
  });

  const readStored = together(async (handlers: readonly string[]) => {
    const ids = new Set([FLAGS_ID, idOf(ALL_QUEUES), ...handlers.map(idOf)]);
    const found = await collection.find({ _id: { $in: [...ids] } }, withoutLog).toArray();
    const byId = new Map(found.map((rules) => [rules._id, rules]));
    const flags = flagsIn(byId.get(FLAGS_ID) as unknown as StoredFlags | undefined);
    return handlers.map((handler) => ({
      stored: [ALL_QUEUES, handler].flatMap((name) => byId.get(idOf(name)) ?? []),
      flags,
    }));
  });

  return {
    async readGate(handler, runId) {
      const { stored, flags } = await readStored(handler);
      return { rules: stored.flatMap((rules) => holding(rules, runId)), flags };
    },

    async set(name, kind, note) {
      const change = changed(kind, note);
      const rule: StoredRule = { ...note, at: change.at };
      const setting = update(change, { $set: { name, [kind]: rule }, $unset: { canary: '' } });
      for (;;) {
        try {
          await collection.updateOne({ _id: idOf(name) }, setting, { upsert: true });
          return;
        } catch (error) {
          // Two first rules of a name met: now the document is there.
          if (!isDuplicateKey(error)) throw error;
        }
      }
    },

    async lift(name, kind, note, revision) {
      const { matchedCount } = await collection.updateOne(
        {
          _id: idOf(name),
          [kind]: { $exists: true },
          ...(revision === undefined ? {} : { revision }),
        },
        update(changed(UNDO[kind], note), { $unset: { [kind]: '', canary: '' } }),
      );
      return matchedCount === 1;
    },

    async letThrough(name, runIds, revision, change) {
      const { matchedCount } = await collection.updateOne(
        { _id: idOf(name), pause: { $exists: true }, revision },
        // Not a change of the rules, hence the revision stays
        { $set: { canary: runIds }, $push: { log: { $each: [change], $slice: -KEPT_CHANGES } } },
      );
      return matchedCount === 1;
    },

    async list() {
      const stored = await collection.find({ _id: { $ne: FLAGS_ID } }, withoutLog).toArray();
      return stored.map(standing);
    },

    async get(name) {
      const stored = await collection.findOne({ _id: idOf(name) }, withoutLog);
      return stored === null ? { name, revision: 0, rules: [] } : standing(stored);
    },

    async log(name) {
      return [...((await collection.findOne({ _id: idOf(name) }))?.log ?? [])];
    },
  };
}

const standing = (stored: StoredRules): StandingRules => ({
  name: stored.name,
  revision: stored.revision,
  rules: holding(stored),
});

/** The rules of one name that hold the event; block first, as it wins. */
function holding(stored: StoredRules, runId?: string): Rule[] {
  const passes = runId !== undefined && stored.canary?.includes(runId) === true;
  return KINDS.flatMap((kind) => {
    const rule = stored[kind];
    if (rule === undefined || (kind === 'pause' && passes)) return [];
    return [{ kind, on: stored.name, ...rule }];
  });
}
