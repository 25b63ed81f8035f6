import { Context } from '@temporalio/activity';
import { findEnded, type Found } from '../events/find-ended';
import { redriveEvent } from '../events/redrive-event';
import type { EndedRun } from '../events/redriven';
import { pacedEach } from '../queues/paced';
import type { RedriveInput, RedrivePage } from '../shared/redrive';
import { atEdge } from './at-edge';
import { beating } from './beating';
import type { ActivityDeps } from './deps';
import { waitInActivity } from './wait';

export interface RedriveActivities {
  'Redrive::find'(input: RedriveInput): Promise<Found>;
  'Redrive::page'(limit: number, rate?: number): Promise<RedrivePage>;
  /** Nothing is left to do: the 404 list forgets the name unless new events came. */
  'Redrive::finish'(input: RedriveInput): Promise<void>;
  /** Forgets what was found and not begun. */
  'Redrive::drop'(): Promise<void>;
}

export function createRedriveActivities({
  client,
  app,
  redriven,
  missing,
}: ActivityDeps): RedriveActivities {
  const deps = { client, app, redriven, now: Date.now };
  return atEdge<RedriveActivities>({
    'Redrive::find': (input) => beating(() => findEnded(operation(), input, deps)),

    'Redrive::page': (limit, rate) =>
      beating(async () => {
        const runs = await redriven.waiting(operation(), limit);
        const begun: EndedRun[] = [];
        const gone: EndedRun[] = [];
        const work = async (run: EndedRun): Promise<void> => {
          ((await redriveEvent(run, deps)) === 'redriven' ? begun : gone).push(run);
        };
        try {
          await pacedEach(runs, { rate, wait: waitInActivity }, work);
        } finally {
          await redriven.end(runIdsOf(begun), 'done');
          await redriven.end(runIdsOf(gone), 'gone');
        }
        const problems = gone.map(({ id }) => ({ id, why: 'its history is gone' }));
        return { handled: runs.length, redriven: begun.length, problems };
      }),

    'Redrive::finish': async ({ handler, status, ids, since, until }) => {
      const all = status === 'missing' && ids === undefined && since === undefined;
      if (all) await missing.forgetUntil(handler, until);
    },

    'Redrive::drop': () => redriven.drop(operation()),
  });
}

const runIdsOf = (runs: readonly EndedRun[]): string[] => runs.map(({ runId }) => runId);

/** The same for all activities of one redrive: its workflow id changes with the handler only. */
function operation(): string {
  return Context.current().info.workflowExecution?.workflowId ?? '';
}
