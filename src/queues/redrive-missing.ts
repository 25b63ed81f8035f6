import type { RedriveOperation, RedriveOptions, Redrives } from '../events/redrives';
import { ConflictError } from '../shared/errors';
import { checkHandlerName } from '../shared/names';
import type { ServedHandlers } from './served-handlers';

interface Deps {
  readonly served: ServedHandlers;
  readonly redrives: Redrives;
}

/** Without a handler each event would only be missing again. */
export async function redriveMissing(
  name: string,
  { rate }: Pick<RedriveOptions, 'rate'> = {},
  { served, redrives }: Deps,
): Promise<RedriveOperation> {
  checkHandlerName(name);
  const handlers = await served.list();
  if (handlers?.some((handler) => handler.name === name) === true) {
    const options = { handler: name, status: 'missing' } as const;
    return redrives.start({ ...options, ...(rate === undefined ? {} : { rate }) });
  }
  throw new ConflictError('still_missing', `No handler "${name}" is served, so its events wait`, {
    details: { name },
    remedies: ['write it, serve it, and redrive then'],
  });
}
