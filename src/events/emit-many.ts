import type { Emitter, EmitRequest } from './emit-event';

export interface EmitManyRequest extends Omit<EmitRequest, 'id'> {
  /** One for each event. */
  readonly ids: readonly string[];
}

const AT_A_TIME = 50;

/**
 * Stores each event under its id. May be called again: an id is accepted once.
 * Rejects with the first error, but not before all that was begun has ended.
 */
export async function emitEach(
  emitter: Emitter,
  events: readonly unknown[],
  handler: string,
  { ids, ...when }: EmitManyRequest,
): Promise<void> {
  const rest = [...events.entries()].values();
  const failures: unknown[] = [];
  const emitRest = async (): Promise<void> => {
    for (const [n, event] of rest) {
      if (failures.length > 0) return;
      await emitter
        .emit(event, handler, { ...when, id: ids[n] ?? '' })
        .catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, emitRest));
  if (failures.length > 0) throw failures[0];
}
