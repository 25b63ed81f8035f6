import { uuid4 } from '@temporalio/workflow';
import type { HandlerDefinition } from '../definitions/app';
import type { WorkerDefinition } from '../definitions/worker';
import { type EmitOptions, resolveEmit } from '../shared/emit-options';
import { checkEvent } from '../definitions/check-event';
import { summaryText } from '../shared/summary';
import { runStep } from './local-activities';
import { step } from './step';
import { checkStorable } from '../shared/check-storable';

/**
 * Emits `event`: its handler runs for it once, in its own time. Resolves to the event's id when Temporal has stored it,
 * not when the handler has finished.
 *
 * @param handler the worker's definition (checks the event's type, also at run time), or its name
 * @param options.id accepted once; by default derived from this run, so that a repeated step emits nothing twice
 * @param options.delay wait before the handler starts; ms or e.g. `'5 minutes'`, at most 36,500 days. Default 0
 * @param options.at the moment at which the handler starts, instead of `delay`; one in the past is now
 * @throws {InvalidInputError} code `event_invalid`, `value_not_storable`, `value_too_large`, `handler_name_invalid` or
 *   `duration_invalid`: nothing is started then
 * @throws {ConflictError} code `event_id_taken` if the id belongs to an event of another handler
 * @example
 * await emit({ to: 'paul@example.com' }, sendWelcome, { delay: '1 hour' });
 */
export function emit<Event>(
  event: NoInfer<Event>,
  handler: WorkerDefinition<Event>,
  options?: EmitOptions,
): Promise<string>;
export function emit(event: unknown, handler: string, options?: EmitOptions): Promise<string>;
export function emit(
  event: unknown,
  handler: HandlerDefinition | string,
  options: EmitOptions = {},
): Promise<string> {
  let id = '';
  const start = (): Promise<void> => {
    const name = checkEvent(event, handler);
    checkStorable(event, 'event');
    const resolved = resolveEmit(options, Date.now());
    id = resolved.id ?? uuid4();
    const summary = summaryText(`${name} ${id}`);
    return runStep('Event::emit', { summary }, [event, name, { ...resolved, id }]);
  };
  return step('emit', start, () => id);
}
