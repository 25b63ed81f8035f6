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

const NOTE = /^paused (?:by (.*?) )?at (\d{4}-\d\d-\d\dT\S+Z)(?:: (.*))?$/s;

/** The one line that Temporal keeps about a pause, made for its UI, and to be read back. */
export function toNote({ reason, by }: PauseOptions, at: Date): string {
  const who = by === undefined ? '' : `by ${by} `;
  return `paused ${who}at ${at.toISOString()}${reason === undefined ? '' : `: ${reason}`}`;
}

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
