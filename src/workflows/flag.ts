import { inWorkflowContext } from '@temporalio/workflow';
import { outsideHandler } from './step';

// Kept on the global object, which is each run's own: this module is shared by all event runs in the process.
const FLAGS: unique symbol = Symbol.for('nightshift.flags') as never;
const run = globalThis as { [FLAGS]?: readonly string[] };

/**
 * True if the flag is on. Flags are read once, when an attempt of the event begins: within it a flag never changes, and
 * the trace shows which were on. An unknown flag is false. Switch them with `nightshift flag <name> on`, or
 * `client.flags.set`.
 * @example if (flag('new-mailer')) await emit({ to: event.email }, sendWelcome);
 */
export function flag(name: string): boolean {
  const flags = inWorkflowContext() ? run[FLAGS] : undefined;
  if (flags === undefined) throw outsideHandler('flag');
  return flags.includes(name);
}

/** Fixes which flags are on for the present run. */
export function setFlags(on: readonly string[]): void {
  run[FLAGS] = on;
}
