import { uuid4 } from '@temporalio/workflow';
import type { HandlerDefinition } from '../definitions/app';
import { checkEvents } from '../definitions/check-event';
import type { WorkerDefinition } from '../definitions/worker';
import { EMITTED_AT_ONCE, idsOf, summaryOf } from '../shared/emit-many';
import { type EmitOptions, resolveEmit } from '../shared/emit-options';
import { checkEventId } from '../shared/names';
import { summaryText } from '../shared/summary';
import { runStep } from './local-activities';
import { step } from './step';

/**
 * Emits many events to one handler, a hundred in a step. Resolves to their ids, in order, when Temporal has stored them
 * all. A step that is repeated emits nothing twice.
 *
 * @param handler the worker's definition (checks each event's type, also at run time), or its name
 * @param options.id the events' ids are `<id>-0`, `<id>-1`, …, each accepted once; by default derived from this run, so
 *   that a retry of the handler emits new ones
 * @param options.delay as for `emit`; so is `at`
 * @throws {InvalidInputError} as `emit`: if one event is wrong, none is emitted
 * @throws {ConflictError} code `event_id_taken` if an id belongs to an event of another handler; others are emitted then
 * @example
 * const users = await DB.keys(Users);
 * await emitMany(users.map((to) => ({ to })), sendWelcome);
 */
export function emitMany<Event>(
  events: readonly NoInfer<Event>[],
  handler: WorkerDefinition<Event>,
  options?: EmitOptions,
): Promise<string[]>;
export function emitMany(
  events: readonly unknown[],
  handler: string,
  options?: EmitOptions,
): Promise<string[]>;
export function emitMany(
  events: readonly unknown[],
  handler: HandlerDefinition | string,
  options: EmitOptions = {},
): Promise<string[]> {
  let ids: string[] = [];
  const start = async (): Promise<void> => {
    const name = checkEvents(events, handler);
    const { id = uuid4(), ...when } = resolveEmit(options, Date.now());
    ids = idsOf(id, events.length);
    if (ids.length > 0) checkEventId(ids.at(-1));
    for (let n = 0; n < events.length; n += EMITTED_AT_ONCE) {
      const some = ids.slice(n, n + EMITTED_AT_ONCE);
      const summary = summaryText(summaryOf(name, some));
      await runStep('Event::emitMany', { summary }, [
        events.slice(n, n + EMITTED_AT_ONCE),
        name,
        { ...when, ids: some },
      ]);
    }
  };
  return step('emitMany', start, () => ids);
}
