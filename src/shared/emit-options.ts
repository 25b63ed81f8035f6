import { type Duration, durationMs } from './duration';
import { InvalidInputError } from './errors';
import { checkEventId } from './names';

export interface EmitOptions {
  /** The event's id: a repeated one is accepted once. Default: a new one. */
  readonly id?: string;
  /** Wait before the handler starts. Default none. */
  readonly delay?: Duration;
  /** The moment at which the handler starts, instead of `delay`; one in the past means now. */
  readonly at?: Date;
}

export interface ResolvedEmit {
  readonly id?: string;
  /** Milliseconds since 1970; absent for now. */
  readonly startAt?: number;
}

/** @throws {InvalidInputError} code `event_invalid` or `duration_invalid` */
export function resolveEmit({ id, delay, at }: EmitOptions, now: number): ResolvedEmit {
  if (id !== undefined) checkEventId(id);
  if (delay !== undefined && at !== undefined) {
    throw new InvalidInputError('event_invalid', 'Options "delay" and "at" cannot both be set');
  }
  if (at !== undefined && Number.isNaN(at.getTime())) {
    throw new InvalidInputError('event_invalid', 'Option "at" is an Invalid Date');
  }
  const startAt =
    at?.getTime() ?? now + (delay === undefined ? 0 : durationMs(delay, 'Option "delay"'));
  return { ...(id === undefined ? {} : { id }), ...(startAt > now ? { startAt } : {}) };
}
