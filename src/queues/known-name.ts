import { NotFoundError } from '../shared/errors';
import { nearest } from '../shared/nearest';
import { ALL_QUEUES } from '../shared/rules';
import type { QueuesDeps } from './queues-deps';

interface Known {
  readonly handled: boolean;
  readonly kind?: 'worker' | 'cron';
}

/**
 * A name may be paused that a handler has, or that events were emitted to; any other is probably a typo.
 * @throws {NotFoundError} code `handler_unknown`, naming the nearest
 */
export async function known(
  name: string,
  { served, missing, rules, held }: QueuesDeps,
): Promise<Known> {
  if (name === ALL_QUEUES) return { handled: true };
  const handlers = await served.list();
  const handler = handlers?.find((one) => one.name === name);
  if (handler !== undefined) return { handled: true, kind: handler.kind };
  const [listed, standing] = await Promise.all([missing.list(), rules.get(name)]);
  // Where no worker process was ever started, nobody knows which names there are.
  if (handlers === undefined || standing.revision > 0 || listed.some((one) => one.name === name))
    return { handled: false };
  if ((await held.count(name)) > 0) return { handled: false };
  const names = [...handlers, ...listed].map((one) => one.name);
  const near = nearest(name, names);
  throw new NotFoundError('handler_unknown', `The app has no handler "${name}"`, {
    details: { name, handlers: handlers.map((one) => one.name) },
    remedies: [
      near === undefined
        ? `its handlers: ${handlers.map((one) => one.name).join(', ') || 'none'}`
        : `did you mean "${near}"?`,
    ],
  });
}
