import {
  type Client,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { exactStatusOf } from '../events/status';
import { readFailure, readInput } from '../events/attempts';
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
  return { id, error: (await whyOf(workflowId, description, client)) ?? 'ended without a value' };
}

/** The next run knows why this one failed, if there is one. */
async function whyOf(
  workflowId: string,
  { runId, status }: WorkflowExecutionDescription,
  client: Client,
): Promise<string | undefined> {
  switch (status.name) {
    case 'CONTINUED_AS_NEW':
      return (await readInput(client, { workflowId })).retry?.errors.at(-1)?.message;
    case 'FAILED':
      return (await readFailure(client, { workflowId, runId }))?.message;
    case 'COMPLETED':
      return 'no handler of that name';
    default:
      return status.name.toLowerCase();
  }
}
