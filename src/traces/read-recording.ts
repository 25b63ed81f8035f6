import { type Client, QueryNotRegisteredError, ServiceError } from '@temporalio/client';
import { messageOf } from '../shared/errors';
import {
  type RecordedLog,
  type RecordedStep,
  type RecordingPage,
  TRACE_QUERY,
} from '../shared/trace';
import { isEndless, isFloating } from './replay-failure';

/** What a replay of a run recorded; or why there is none. */
export interface Recording {
  readonly steps: readonly RecordedStep[];
  readonly logs: readonly RecordedLog[];
  readonly incomplete?: string;
}

const WAIT_MS = 15_000; // a thousand steps take some seconds

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
      const ask = (): Promise<RecordingPage> =>
        client.withDeadline(Date.now() + WAIT_MS, () =>
          handle.query<RecordingPage, [number]>(TRACE_QUERY, start),
        );
      const page = await ask().catch((error: unknown) => {
        if (!isFloating(messageOf(error))) throw error;
        return ask();
      });
      steps.push(...page.steps);
      logs.push(...page.logs);
      from = page.next;
    }
    return { steps, logs };
  } catch (error) {
    return { steps: [], logs: [], incomplete: reasonOf(error) };
  }
}

const NOT_RECORDED = /did not register a handler/;
const NONDETERMINISM = /Nondeterminism error: (.*)/;

/** Temporal tells by its texts alone why a replay did not answer. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  if (NOT_RECORDED.test(message)) return 'arguments and logs come when it has ended';
  const [, difference] = NONDETERMINISM.exec(message) ?? [];
  if (difference !== undefined) return `the code has changed since: ${difference}`;
  if (isEndless(message)) return 'the present code does not come to an end: is it an endless loop?';
  if (!(error instanceof ServiceError) || error instanceof QueryNotRegisteredError) return message;
  return 'no worker process of the app answered; arguments and logs come when one serves it';
}
