/** The names of our metrics: units stand at the end, `_total` counts. */
export const METRICS = {
  /** Events that ended, by handler and status. */
  events: 'nightshift_events_total',
  /** Attempts that failed and are to be followed by another. */
  retries: 'nightshift_event_retries_total',
  /** Times that a rule held an event. */
  holds: 'nightshift_event_holds_total',
  /** From the moment at which an attempt could start to the start of its handler, without those that a rule held. */
  start: 'nightshift_event_start_seconds',
  /** From the start of a handler to the end of that attempt. */
  run: 'nightshift_event_run_seconds',
  /** Calls of the datastores' functions, each try of one, and how long they take. */
  dbCalls: 'nightshift_db_calls_total',
  dbTime: 'nightshift_db_call_seconds',
  /** Events that a rule holds now. */
  held: 'nightshift_held_events',
} as const;
