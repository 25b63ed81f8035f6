import { randomUUID } from 'node:crypto';
import type { Held } from './held';
import type { GateReading, Rules } from './rules';

export interface AtGate {
  readonly handler: string;
  readonly id: string;
  readonly runId: string;
  readonly emittedAt: Date;
  /** What the gate gave the event when it held it, if it did. */
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
 * before the rules are read a second time, so it is either seen by whoever takes the rule off, or sees itself that the
 * rule is gone.
 */
export function createGate(rules: Rules, held: Held): Gate {
  const admit = (reading: GateReading): GateAnswer => ({ flags: reading.flags });
  return async ({ handler, id, runId, emittedAt, token: before }) => {
    const reading = await rules.readGate(handler, runId);
    if (reading.rules.length === 0) {
      if (before !== undefined) await held.remove(id, before);
      return admit(reading);
    }
    const token = randomUUID();
    await held.store({ id, handler, emittedAt, token });
    const again = await rules.readGate(handler, runId);
    if (again.rules.length > 0) return { token, flags: [] };
    await held.remove(id, token);
    return admit(again);
  };
}
