import { Context } from '@temporalio/activity';

/** Rejects when the activity is to end. */
export async function waitInActivity(ms: number): Promise<void> {
  if (ms > 0) await Context.current().sleep(ms);
  else if (Context.current().cancellationSignal.aborted) await Context.current().cancelled;
}
