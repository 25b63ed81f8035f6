import { payloadConverter } from './payload-converter';
import { inspectValue } from './storable';

/**
 * Temporal takes 4 MB from one workflow task, and ends the event at more; what the steps of a task return is in there.
 * So a step returns a large value only if its run has made room for it, and else says how much it needs.
 */
const ROOM = 'nightshift.room';

/** The last argument of a step: it may return so many bytes. As what it returns: so many it needs. */
export interface Room {
  readonly [ROOM]: number;
}

/** What a step returns without asking for room. */
const SMALL_BYTES = 8_000;

/** The summary of a timer that only ends a workflow task: no step of the handler. */
export const TASK_END = 'to begin the next workflow task';

export const room = (bytes: number): Room => ({ [ROOM]: bytes });

export const isRoom = (value: unknown): value is Room =>
  typeof value === 'object' && value !== null && ROOM in value;

export const bytesOf = (value: Room): number => value[ROOM];

/** The room that a value needs; 0 if it is small. */
export function roomNeeded(value: unknown): number {
  const { maxBytes, problem } = inspectValue(value, 'the value');
  if (maxBytes <= SMALL_BYTES || problem !== undefined) return 0;
  const bytes = payloadConverter.toPayload(value).data?.length ?? 0;
  return bytes <= SMALL_BYTES ? 0 : bytes;
}
