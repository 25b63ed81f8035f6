import { type Client, QueryNotRegisteredError, QueryRejectedError } from '@temporalio/client';
import { ServiceError } from '@temporalio/client';
import { messageOf } from '../shared/errors';
import {
  type RecordedLog,
  type RecordedStep,
  type RecordingPage,
  TRACE_QUERY,
} from '../shared/trace';

/** What a replay of a run recorded; or why there is none. */
export interface Recording {
  readonly steps: readonly RecordedStep[];
  readonly logs: readonly RecordedLog[];
  readonly incomplete?: string;
}

const WAIT_MS = 30_000; // a thousand steps take some seconds

/** Has a worker process of the app replay the run, with the code that it serves now. */
export async function readRecording(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<Recording> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const steps: RecordedStep[] = [];
  const logs: RecordedLog[] = [];
  try {
    for (let from: number | undefined = 0; from !== undefined;) {
      const start = from;
      const page: RecordingPage = await client.withDeadline(Date.now() + WAIT_MS, () =>
        handle.query<RecordingPage, [number]>(TRACE_QUERY, start),
      );
      steps.push(...page.steps);
      logs.push(...page.logs);
      from = page.next;
    }
    return { steps, logs };
  } catch (error) {
    return { steps: [], logs: [], incomplete: reasonOf(error) };
  }
}

const NONDETERMINISM = /nondeterminism|TMPRL1100/i;

function reasonOf(error: unknown): string {
  const message = messageOf(error);
  if (error instanceof QueryNotRegisteredError) return 'arguments and logs come when it has ended';
  if (error instanceof QueryRejectedError) return 'it cannot be replayed now';
  const cause = messageOf((error as Error).cause ?? '');
  if (NONDETERMINISM.test(`${message} ${cause}`))
    return `the code has changed since: ${differenceIn(`${message} ${cause}`)}`;
  if (error instanceof ServiceError)
    return `no worker process of the app answered: start one to see arguments and logs (${cause || message})`;
  return message;
}

/** Temporal's sentence on the first difference, without what stands around it. */
function differenceIn(message: string): string {
  const [, sentence] = /Nondeterminism error: (.*?)(?:"|\n|$)/i.exec(message) ?? [];
  return (sentence ?? message).slice(0, 300);
}
