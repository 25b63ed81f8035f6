import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { ConflictError } from '../shared/errors';
import { workflowIdOf } from '../shared/ids';

export interface EmitRequest {
  readonly id: string;
  /** Milliseconds since 1970; absent or past: at once. */
  readonly startAt?: number;
}

export interface Emitter {
  /** Stores the event. `repeated`: an event of this id was accepted before, so nothing was started. */
  emit(event: unknown, handler: string, request: EmitRequest): Promise<{ repeated: boolean }>;
}

export interface EmitterDeps {
  readonly client: Client;
  readonly app: string;
  /** True if `client` shares the connection of a worker of this app: the event may then start right there. */
  readonly eager: boolean;
  readonly now: () => number;
}

const MAX_FAIRNESS_KEY = 64;

/** Starts events: one event is one workflow of the handler's name. */
export function createEmitter({ client, app, eager, now }: EmitterDeps): Emitter {
  return {
    async emit(event, handler, { id, startAt }) {
      const workflowId = workflowIdOf(app, id);
      const delay = startAt === undefined ? 0 : Math.max(0, startAt - now());
      const options: WorkflowStartOptions = {
        workflowId,
        taskQueue: app,
        args: [event],
        // A repeated id is accepted once, also after the first event has ended.
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        priority: { fairnessKey: fairnessKeyOf(handler) },
        // The server refuses a delayed start that asks to be eager.
        ...(delay > 0 ? { startDelay: delay } : { requestEagerStart: eager }),
      };
      try {
        await client.workflow.start(handler, options);
        return { repeated: false };
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        await checkSameHandler(client, workflowId, handler, id);
        return { repeated: true };
      }
    },
  };
}

/** An id used for two handlers would silently lose the second one's event. */
async function checkSameHandler(
  client: Client,
  workflowId: string,
  handler: string,
  id: string,
): Promise<void> {
  const { type } = await client.workflow.getHandle(workflowId).describe();
  if (type === handler) return;
  throw new ConflictError(
    'event_id_taken',
    `Event id "${id}" belongs to an event of handler "${type}" already, so no event for "${handler}" was started`,
    {
      details: { id, handler, takenBy: type },
      remedies: ['use another id, e.g. one that starts with the handler name'],
    },
  );
}

/** At most 64 bytes: long names share a key by their end, where names of one family differ. */
export function fairnessKeyOf(handler: string): string {
  const bytes = Buffer.from(handler);
  return bytes.length <= MAX_FAIRNESS_KEY
    ? handler
    : bytes.subarray(-MAX_FAIRNESS_KEY).toString().replaceAll('\ufffd', '');
}
