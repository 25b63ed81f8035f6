import { randomUUID } from 'node:crypto';
import type { Held } from './held';
import type { Rules } from './rules';

export interface AtGate {
  readonly handler: string;
  readonly id: string;
  readonly runId: string;
  readonly emittedAt: Date;
  /** Absent if the gate has not held it before. */
  readonly waited?: Waited;
}

/** An event that was held asks again. */
export interface Waited {
  /** What the gate gave it then; absent if somebody else takes it off the list of those that wait. */
  readonly token?: string;
}

/** Holds the event under `token`, or lets it run. */
export interface GateAnswer {
  readonly token?: string;
  readonly flags: readonly string[];
}

export type Gate = (event: AtGate) => Promise<GateAnswer>;

/**
 * Asks whether an event may run. Strict: none runs that asks after a pause was acknowledged. An event is stored as held
 * before the rules are read for the last time, so it is either seen by whoever takes the rule off, or sees itself that
 * the rule is gone.
 */
export function createGate(rules: Rules, held: Held): Gate {
  // A guess that decides only what is done first: where the last event was held, a new one is, too.
  const holding = new Set<string>();

  const hold = async ({ handler, id, runId, emittedAt }: AtGate): Promise<GateAnswer> => {
    const token = randomUUID();
    await held.store({ id, handler, emittedAt, token });
    const reading = await rules.readGate(handler, runId);
    if (reading.rules.length > 0) {
      holding.add(handler);
      return { token, flags: [] };
    }
    holding.delete(handler);
    await held.remove(id, token);
    return { flags: reading.flags };
  };

  return async (event) => {
    const { handler, id, runId, waited } = event;
    if (waited === undefined && holding.has(handler)) return hold(event);
    const reading = await rules.readGate(handler, runId);
    if (reading.rules.length > 0) return hold(event);
    if (waited?.token !== undefined) await held.remove(id, waited.token);
    return { flags: reading.flags };
  };
}
