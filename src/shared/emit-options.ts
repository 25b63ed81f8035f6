import { type Duration, durationMs } from './duration';
import { InvalidInputError } from './errors';
import { checkEventId } from './names';
import { isDate } from './storable';

/** How an event is emitted. */
export interface EmitOptions {
  /** The event's id: a repeated one is accepted once. Default: a new one. */
  readonly id?: string;
  /** Wait before the handler starts, at most 36,500 days. Default none. */
  readonly delay?: Duration;
  /** The moment at which the handler starts, instead of `delay`: by this machine's clock; one in the past means now. */
  readonly at?: Date;
}

/** When an event starts: after `delayMs`, or at `startAt`, or, without both, at once. */
export interface ResolvedEmit {
  readonly id?: string;
  readonly delayMs?: number;
  /** Milliseconds since 1970. Apart from `delayMs`, because that one asks for no clock, which another machine may have set otherwise. */
  readonly startAt?: number;
}

/** Temporal shortens a longer one to this, and does not say so. */
const MAX_DELAY_MS = 36_500 * 86_400_000;

/** @throws {InvalidInputError} code `event_invalid` or `duration_invalid` */
export function resolveEmit({ id, delay, at }: EmitOptions, now: number): ResolvedEmit {
  if (id !== undefined) checkEventId(id);
  if (delay !== undefined && at !== undefined) {
    throw new InvalidInputError('event_invalid', 'Options "delay" and "at" cannot both be set');
  }
  return {
    ...(id === undefined ? {} : { id }),
    ...(delay === undefined ? {} : resolveDelay(delay)),
    ...(at === undefined ? {} : resolveAt(at, now)),
  };
}

function resolveDelay(delay: Duration): Pick<ResolvedEmit, 'delayMs'> {
  const delayMs = durationMs(delay, 'Option "delay"');
  checkDelay(delayMs, 'Option "delay"');
  return delayMs > 0 ? { delayMs } : {};
}

function resolveAt(at: unknown, now: number): Pick<ResolvedEmit, 'startAt'> {
  if (typeof at !== 'object' || at === null || !isDate(at)) {
    throw new InvalidInputError('event_invalid', `Option "at" must be a Date, got ${typeof at}`);
  }
  const startAt = at.getTime();
  if (Number.isNaN(startAt)) {
    throw new InvalidInputError('event_invalid', 'Option "at" is an Invalid Date');
  }
  checkDelay(startAt - now, 'The time until "at"');
  return startAt > now ? { startAt } : {};
}

function checkDelay(delayMs: number, what: string): void {
  if (delayMs <= MAX_DELAY_MS) return;
  throw new InvalidInputError(
    'duration_invalid',
    `${what} is ${Math.floor(delayMs / 86_400_000)} days; Temporal delays for at most 36,500`,
  );
}
