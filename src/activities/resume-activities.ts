import { heartbeat } from '@temporalio/activity';
import { chooseCanaries, outcomeOf } from '../queues/canary';
import { liftRule } from '../queues/lift-rule';
import { type ReleaseDeps, releaseHeld, signal } from '../queues/release-held';
import type { Canary, FailedCanary, Released, ResumeInput } from '../shared/resume';
import { atEdge } from './at-edge';
import { beating } from './beating';
import type { ActivityDeps } from './deps';
import { waitInActivity as wait } from './wait';

/** How the canary ended: `failures` empty for well; `changed` if the rules did meanwhile, so that it means nothing. */
export interface CanaryOutcome {
  readonly failures: readonly FailedCanary[];
  readonly changed?: true;
}

export interface ResumeActivities {
  'Resume::lift'(input: ResumeInput): Promise<void>;
  'Resume::release'(queue: string, limit: number, rate?: number): Promise<Released>;
  'Resume::chooseCanaries'(queue: string, count: number): Promise<Canary[]>;
  /** Lets the canaries through the pause that stands, and waits for their ends. */
  'Resume::tryCanaries'(input: ResumeInput, canaries: readonly Canary[]): Promise<CanaryOutcome>;
  /** Nothing passes the pause any more. */
  'Resume::stop'(input: ResumeInput, failures: readonly FailedCanary[]): Promise<void>;
}

const EVERY_MS = 200;

export function createResumeActivities({
  client,
  app,
  held,
  rules,
}: ActivityDeps): ResumeActivities {
  const deps: ReleaseDeps = { client, app, held, rules };

  return atEdge<ResumeActivities>({
    'Resume::lift': ({ queue, kind, note, revision }) =>
      liftRule(queue, kind, note, revision, { rules, client, app }),

    'Resume::release': (queue, limit, rate) =>
      beating(() =>
        releaseHeld(queue, { limit, ...(rate === undefined ? {} : { rate }), wait }, deps),
      ),

    'Resume::chooseCanaries': (queue, count) => chooseCanaries(queue, count, deps),

    'Resume::tryCanaries': async ({ queue, revision, note }, canaries) => {
      const runs = canaries.map(({ runId }) => runId);
      const change = { action: 'canary', ...note, at: new Date() } as const;
      if (!(await rules.letThrough(queue, runs, revision, change)))
        return { failures: [], changed: true };
      for (const { id } of canaries) await signal(id, deps);
      const pending = new Map(canaries.map((canary) => [canary.id, canary]));
      const failures: FailedCanary[] = [];
      for (;;) {
        heartbeat();
        for (const canary of pending.values()) {
          const outcome = await outcomeOf(canary, deps);
          if (outcome === undefined) continue;
          pending.delete(canary.id);
          if (outcome !== null) failures.push(outcome);
        }
        const now = await rules.get(queue);
        if (now.revision !== revision) return { failures, changed: true };
        if (pending.size === 0 || failures.length > 0) return { failures };
        await wait(EVERY_MS);
      }
    },

    'Resume::stop': async ({ queue, revision }, failures) => {
      const reason = failures.map(({ id, error }) => `${id}: ${error}`).join('; ');
      const change = { action: 'canary failed', reason, at: new Date() } as const;
      await rules.letThrough(queue, [], revision, change);
    },
  });
}
