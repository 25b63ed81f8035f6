import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { HandlerDefinition } from '../definitions/app';
import { createPausable, type PausableOperation } from '../operations/operation';
import { ConflictError, InvalidInputError } from '../shared/errors';
import { workflowIdOf } from '../shared/ids';
import { checkEventId, nameOf } from '../shared/names';
import { checkRate } from '../shared/rate';
import { isDate } from '../shared/storable';
import {
  REDRIVE_WORKFLOW,
  type RedriveInput,
  type RedriveProgress,
  type RedriveStatus,
  startedRedrive,
} from '../shared/redrive';

/** Which events are redriven, and how fast. */
export interface RedriveOptions {
  readonly handler: HandlerDefinition | string;
  /** Which events: those that ended so. Default `error`. */
  readonly status?: RedriveStatus;
  /** Only these. Default all; but those that were cancelled or terminated only by their ids. */
  readonly ids?: readonly string[];
  /** Only events that ended at this time or later. */
  readonly since?: Date;
  /** Only events that had ended by then. Default now. */
  readonly until?: Date;
  /** Only events whose error holds this text. */
  readonly text?: string;
  /** So many events a second. Default: as fast as it goes. */
  readonly rate?: number;
}

/** A redrive that runs, or has run: durable, with progress. */
export type RedriveOperation = PausableOperation<RedriveProgress>;

interface Deps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
}

const MAX_IDS = 10_000;

export interface Redrives {
  start(options: RedriveOptions): Promise<RedriveOperation>;
  get(handler: string, status: RedriveStatus): RedriveOperation;
}

export function createRedrives({ client, app, now }: Deps): Redrives {
  const idOf = (handler: string, status: RedriveStatus): string =>
    workflowIdOf(app, `${REDRIVE_WORKFLOW}/${status}/${handler}`);
  const get = (handler: string, status: RedriveStatus): RedriveOperation =>
    createPausable<RedriveProgress>({
      client,
      workflowId: idOf(handler, status),
      what: `redrive of "${handler}"`,
    });
  return {
    get,
    async start(options) {
      const input = resolveRedrive(options, new Date(now()));
      const { handler, status } = input;
      try {
        await client.workflow.start(REDRIVE_WORKFLOW, {
          workflowId: idOf(handler, status),
          taskQueue: app,
          args: [input],
          memo: { progress: startedRedrive(input, new Date(now())) },
          staticSummary: `redrive ${status} events of ${handler}`.slice(0, 200),
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        throw new ConflictError('redrive_running', `A redrive of "${handler}" runs already`, {
          cause: error,
          details: { handler, status },
          remedies: ['wait for its end, or cancel it'],
        });
      }
      return get(handler, status);
    },
  };
}

function resolveRedrive(options: RedriveOptions, now: Date): RedriveInput {
  const { status = 'error', ids, since, until, text, rate } = options;
  const handler = nameOf(options.handler, 'The handler of a redrive');
  checkRate(rate);
  ids?.forEach(checkEventId);
  const refuse = (why: string): never => {
    throw new InvalidInputError('redrive_invalid', why, { details: { handler } });
  };
  if (!['error', 'missing'].includes(status)) refuse('Option "status" can be "error" or "missing"');
  if (ids !== undefined && ids.length > MAX_IDS)
    refuse(`Option "ids" can hold ${MAX_IDS} ids at most, got ${ids.length}`);
  if (ids?.length === 0) refuse('Option "ids" is empty: leave it out to redrive all');
  for (const [name, time] of Object.entries({ since, until }))
    if (time !== undefined && !(isDate(time) && !Number.isNaN(time.getTime())))
      refuse(`Option "${name}" must be a valid Date`);
  if (since !== undefined && since > (until ?? now)) refuse('Option "since" lies after "until"');
  if (text === '') refuse('Option "text" is empty: leave it out to redrive all');
  return {
    ...{ handler, status, until: until ?? now },
    ...(ids === undefined ? {} : { ids }),
    ...(since === undefined ? {} : { since }),
    ...(text === undefined ? {} : { text }),
    ...(rate === undefined ? {} : { rate }),
  };
}
