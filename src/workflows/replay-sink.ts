/** Tells a test what a replay records: bundled in only where a saved trace is replayed. */
import {
  ApplicationFailure,
  ContinueAsNew,
  proxySinks,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import { messageOf } from '../shared/errors';
import { payloadConverter } from '../shared/payload-converter';
import { type Retry, typeAndMessage } from '../shared/retry';
import type { ReplaySinks } from '../shared/trace';
import { toTagged } from '../shared/value-json';
import { listenToSteps } from './recorder';

export const interceptors: WorkflowInterceptorsFactory = () => {
  const { nightshift: told } = proxySinks<ReplaySinks>();
  listenToSteps({
    step: (step) => void told.step(step),
    repeated: (seq) => void told.repeated(seq),
  });
  return {
    inbound: [
      {
        async execute(input, next) {
          try {
            const value = await next(input);
            told.value(JSON.stringify(toTagged(value)));
            return value;
          } catch (error) {
            told.error(...reasonIn(error));
            throw error;
          }
        },
      },
    ],
  };
};

/** Type and message of what the handler failed of. */
export function reasonIn(error: unknown): [type: string, message: string] {
  if (error instanceof ContinueAsNew) return reasonToRetry(error);
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (reason instanceof ApplicationFailure) return [reason.type ?? 'Error', reason.message];
  return [reason instanceof Error ? reason.name : 'Error', messageOf(reason)];
}

/** The next attempt is told why the one before failed. */
function reasonToRetry({ command }: ContinueAsNew): [type: string, message: string] {
  const told = command.arguments?.[1];
  const retry = told == null ? undefined : payloadConverter.fromPayload<Retry>(told);
  return typeAndMessage(retry?.errors.at(-1)?.message ?? '');
}
