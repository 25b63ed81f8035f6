import type { Client } from '@temporalio/client';
import { unpauseSchedule } from '../crons/pause-schedule';
import { ALL_QUEUES, type RuleKind } from '../shared/rules';
import type { RuleNote, Rules } from './rules';

export interface LiftDeps {
  readonly rules: Rules;
  readonly client: Client;
  readonly app: string;
}

/**
 * Takes a rule off a queue, and lets its schedule go on if it is a cron's and no other rule stands. Only the rule of
 * this revision: one that was set since stays. May be called again.
 */
export async function liftRule(
  queue: string,
  kind: RuleKind,
  note: RuleNote,
  revision: number,
  { rules, client, app }: LiftDeps,
): Promise<void> {
  await rules.lift(queue, kind, note, revision);
  if (queue === ALL_QUEUES) return;
  const { rules: standing } = await rules.get(queue);
  if (standing.length === 0)
    await unpauseSchedule(queue, note.reason ?? 'resumed', { client, app });
}
