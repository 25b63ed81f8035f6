import type { EventStatus } from '../shared/status';
import type { Io } from './io';

const COLORS = {
  done: 'green',
  error: 'red',
  missing: 'yellow',
  locked: 'cyan',
  new: 'dim',
  scheduled: 'dim',
} as const satisfies Record<EventStatus, keyof Io['colors']>;

/** The status as a shape. */
export function statusMark(status: EventStatus, { colors, symbols }: Io): string {
  return colors[COLORS[status]](symbols[status]);
}

/** The status as shape and word; only the words of what went wrong have a colour. */
export function statusText(status: EventStatus, io: Io): string {
  const wrong = status === 'error' || status === 'missing';
  return `${statusMark(status, io)} ${wrong ? io.colors[COLORS[status]](status) : status}`;
}
