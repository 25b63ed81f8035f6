import type { NightshiftClient } from '../../client';
import { adviceOf, hasCode, type NightshiftError } from '../shared/errors';
import type { Io } from './io';

/** Says so if the app has no handler of this name and never had events for one: it is probably a typo. */
export async function tellIfUnknown(
  handler: string,
  client: NightshiftClient,
  io: Io,
): Promise<void> {
  try {
    await client.queues.get(handler);
  } catch (error) {
    if (!hasCode(error, 'handler_unknown')) throw error;
    io.err(io.colors.yellow(adviceOf(error as NightshiftError)));
  }
}
