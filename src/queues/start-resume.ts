import { workflowIdOf } from '../shared/ids';
import { RESUME_WORKFLOW, type ResumeInput, startedResume } from '../shared/resume';
import type { QueuesDeps } from './queues-deps';

export const resumeIdOf = (app: string, queue: string): string =>
  workflowIdOf(app, `${RESUME_WORKFLOW}/${queue}`);

/** The last one wins: an older one of the queue, wherever it is, is ended. What it did not do, the new one does. */
export async function startResume(
  input: ResumeInput,
  { client, app, now }: QueuesDeps,
): Promise<void> {
  const { queue, kind } = input;
  await client.workflow.start(RESUME_WORKFLOW, {
    workflowId: resumeIdOf(app, queue),
    taskQueue: app,
    args: [input],
    memo: { progress: startedResume(input, new Date(now())) },
    staticSummary: `${kind === 'pause' ? 'resume' : 'unblock'} ${queue}`,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  });
}
