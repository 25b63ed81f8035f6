import { inspect } from 'node:util';
import { formatDuration } from '../../shared/duration';
import type { EventStatus } from '../../shared/status';
import type { QueueState } from '../../shared/rules';
import type { Html } from '../page';

/** A status: a shape and a word. */
export const Status = ({ of, children }: { of: EventStatus | 'held'; children?: Html }): Html => (
  <span class={of}>
    <i></i>
    {children ?? of}
  </span>
);

const STATES = {
  run: ['run', 'run'],
  pause: ['held', 'paused'],
  block: ['block', 'blocked'],
} as const;

export const State = ({ of }: { of: QueueState }): Html => {
  const [shape, word] = STATES[of];
  return (
    <span class={shape}>
      <i></i>
      {word}
    </span>
  );
};

/** Grouped by thousands; a zero is grey. `more`: it is at least so large. */
export const Count = ({ of, more = false }: { of: number; more?: boolean }): Html => (
  <span class={of === 0 ? 'z' : undefined}>{`${numberText(of)}${more ? '+' : ''}`}</span>
);

export const numberText = (count: number): string => count.toLocaleString('en');

/** `7 events`, `1 event`. */
export const countText = (count: number, what: string): string =>
  `${numberText(count)} ${what}${count === 1 ? '' : 's'}`;

/** The time of day, or the date if it is not of today; in full on hovering. */
export const Time = ({ at, now }: { at: Date; now: number }): Html => {
  const today = new Date(now).toDateString() === at.toDateString();
  return (
    <time datetime={at.toISOString()} title={at.toISOString()}>
      {today
        ? at.toTimeString().slice(0, 8)
        : at.toLocaleDateString('en', {
            day: 'numeric',
            month: 'short',
            hour: '2-digit',
            minute: '2-digit',
            hourCycle: 'h23',
          })}
    </time>
  );
};

/** How long ago: for what is of the last hours. Browsers keep it right from then on. */
export const Ago = ({ at, now }: { at: Date; now: number }): Html => (
  <time datetime={at.toISOString()} title={at.toISOString()} data-ago>
    {formatDuration(Math.floor(Math.max(0, now - at.getTime()) / 1000) * 1000 || 0).replace(
      '0 ms',
      '0 s',
    )}
  </time>
);

const LONG = 400;

/** A value on one line, as JavaScript writes it. */
export const lineOf = (value: unknown): string =>
  inspect(value, { breakLength: Infinity, compact: true, depth: 4, maxStringLength: 200 }).slice(
    0,
    LONG,
  );

/** A value on as many lines as it needs. */
export const textOf = (value: unknown): string =>
  inspect(value, { breakLength: 100, depth: 12, maxArrayLength: 1000, maxStringLength: 100_000 });

/** What is too long for a page, with how much is left out. */
export const cutText = (text: string, length: number): string =>
  text.length <= length
    ? text
    : `${text.slice(0, length)}…\n${numberText(text.length - length)} more characters`;

/** A path of this server with a name in it. */
export const pathTo = (place: string, ...names: readonly string[]): string =>
  [place, ...names.map(encodeURIComponent)].join('/');
