/** Why and by whom a cron was paused. */
export interface PauseOptions {
  /** Shown to whoever wonders. */
  readonly reason?: string;
  /** Who pauses. */
  readonly by?: string;
}

export interface PausedCron extends PauseOptions {
  /** Absent if it was paused by other means than Nightshift's. */
  readonly at?: Date;
}

const OF_QUEUE = 'queue ';
const NOTE = /^(?:queue )?paused (?:by (.*?) )?at (\d{4}-\d\d-\d\dT\S+Z)(?:: (.*))?$/s;

/** The one line that Temporal keeps about a pause, made for its UI, and to be read back. */
export function toNote({ reason, by }: PauseOptions, at: Date): string {
  const who = by === undefined ? '' : `by ${by} `;
  return `paused ${who}at ${at.toISOString()}${reason === undefined ? '' : `: ${reason}`}`;
}

/** The note of a pause that a rule on the cron's queue brought with it. */
export const toQueueNote = (options: PauseOptions, at: Date): string =>
  OF_QUEUE + toNote(options, at);

export const isQueueNote = (note: string | undefined): boolean =>
  note?.startsWith(OF_QUEUE) === true;

/** A note of another form, from the Temporal UI for instance, is the reason as it stands. */
export function fromNote(note: string | undefined): PausedCron {
  if (note === undefined || note === '') return {};
  const [, by, at, reason] = NOTE.exec(note) ?? [];
  if (at === undefined || Number.isNaN(Date.parse(at))) return { reason: note };
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(by === undefined ? {} : { by }),
    at: new Date(at),
  };
}
