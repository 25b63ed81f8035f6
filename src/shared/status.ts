/** The search attribute that holds a status where Temporal's own does not say it: `new` and `missing`. */
export const STATUS_ATTRIBUTE = 'NightshiftStatus';

/**
 * `new`: first added, delayed, held, or waiting for its retry. `scheduled`: ready, no worker process has it yet.
 * `locked`: a worker process runs it. `error`: failed for good. `missing`: no handler of that name.
 */
export type EventStatus = 'new' | 'scheduled' | 'locked' | 'done' | 'error' | 'missing';
