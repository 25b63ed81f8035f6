import type { Client } from '@temporalio/client';
import { visibilityQuery } from '../events/list-events';

interface Deps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
}

/** How many events of a handler cannot go on: Temporal says so after five failures of a task, about a minute. */
export async function countStuck(handler: string, { client, app, now }: Deps): Promise<number> {
  const query = `${visibilityQuery(app, { handler }, now())} AND ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL`;
  return (await client.workflow.count(query)).count;
}
