import { checkStorable } from '../shared/check-storable';
import { InvalidInputError } from '../shared/errors';
import { checkHandlerName, nameOf } from '../shared/names';
import type { HandlerDefinition } from './app';
import { complaintsAbout } from './check-value';

/**
 * The handler's name. For a definition, `event` is checked against its schema first; `path` is what complaints call it.
 * @throws {InvalidInputError} code `event_invalid` or `handler_name_invalid`
 */
export function checkEvent(
  event: unknown,
  handler: HandlerDefinition | string,
  path = typeof handler === 'string' ? handler : handler.name,
): string {
  if (typeof handler === 'string') {
    checkHandlerName(handler);
    return handler;
  }
  const { name, options } = handler;
  const complaints = options.event === undefined ? [] : complaintsAbout(options.event, event, path);
  if (complaints.length > 0) {
    throw new InvalidInputError('event_invalid', complaints.join(' & '), {
      details: { handler: name },
    });
  }
  return name;
}

/**
 * The same for each of a list, which must be storable, too.
 * @throws {InvalidInputError} code `event_invalid`, `value_not_storable`, `value_too_large` or `handler_name_invalid`
 */
export function checkEvents(events: unknown, handler: HandlerDefinition | string): string {
  if (!Array.isArray(events)) {
    const type = events === null ? 'null' : typeof events;
    throw new InvalidInputError('event_invalid', `emitMany takes a list of events, got ${type}`);
  }
  const name = nameOf(handler, 'A handler name');
  events.forEach((event: unknown, n) => {
    checkEvent(event, handler, `${name}[${n}]`);
    checkStorable(event, `event ${n}`);
  });
  return name;
}
