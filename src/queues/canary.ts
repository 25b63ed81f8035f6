import { WorkflowNotFoundError } from '@temporalio/client';
import { exactStatusOf } from '../events/status';
import { errorsOf } from '../events/attempts';
import { workflowIdOf } from '../shared/ids';
import type { Canary, FailedCanary } from '../shared/resume';
import { heldOf, type ReleaseDeps } from './release-held';

/** The oldest held events, with the runs that wait. */
export async function chooseCanaries(
  queue: string,
  count: number,
  deps: ReleaseDeps,
): Promise<Canary[]> {
  const { client, app, held } = deps;
  const chosen: Canary[] = [];
  for (const event of await held.oldest(await heldOf(queue, deps.rules), count)) {
    try {
      const { runId } = await client.workflow.getHandle(workflowIdOf(app, event.id)).describe();
      chosen.push({ id: event.id, runId });
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return chosen;
}

/** How a canary ended: undefined while it runs, null for well. */
export async function outcomeOf(
  { id, runId }: Canary,
  { client, app }: ReleaseDeps,
): Promise<FailedCanary | null | undefined> {
  const workflowId = workflowIdOf(app, id);
  const description = await client.workflow.getHandle(workflowId, runId).describe();
  if (description.closeTime === undefined) return undefined;
  if (exactStatusOf(description, 0) === 'done') return null;
  const errors = await errorsOf(client, workflowId);
  return { id, error: errors.at(-1)?.message ?? description.status.name.toLowerCase() };
}
