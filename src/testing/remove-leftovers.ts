import type { Client } from '@temporalio/client';
import type { Db } from 'mongodb';
import { syncSchedules } from '../crons/sync-schedules';

/** Ends an app's open events, and removes its schedules and its database. */
export async function removeLeftovers(app: string, client: Client, db: Db): Promise<void> {
  await syncSchedules(new Map(), { client, app, now: Date.now });
  const open = client.workflow.list({
    query: `TaskQueue = "${app}" AND ExecutionStatus = "Running"`,
  });
  for await (const { workflowId } of open) {
    // It may have ended meanwhile.
    await client.workflow
      .getHandle(workflowId)
      .terminate('the test is over')
      .catch(() => {});
  }
  await db.dropDatabase();
}
