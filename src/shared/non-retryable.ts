/** The type under which the failure travels, also from an activity to its handler. */
export const NON_RETRYABLE = 'NonRetryable';

/**
 * Thrown by a handler, or by one of its activities, it ends the event at once: no retries, status `error`. For what will
 * fail again whenever it is tried, such as an address that does not exist.
 * @example if (response.status === 410) throw new NonRetryable(`No such account: ${event.to}`);
 */
export class NonRetryable extends Error {
  override readonly name = NON_RETRYABLE;
}
