import { InvalidInputError } from '../shared/errors';
import { checkHandlerName } from '../shared/names';
import type { HandlerDefinition } from './app';
import { complaintsAbout } from './check-value';

/**
 * The handler's name. For a definition, `event` is checked against its schema first.
 * @throws {InvalidInputError} code `event_invalid` or `handler_name_invalid`
 */
export function checkEvent(event: unknown, handler: HandlerDefinition | string): string {
  if (typeof handler === 'string') {
    checkHandlerName(handler);
    return handler;
  }
  const { name, options } = handler;
  const complaints = options.event === undefined ? [] : complaintsAbout(options.event, event, name);
  if (complaints.length > 0) {
    throw new InvalidInputError('event_invalid', complaints.join(' & '), {
      details: { handler: name },
    });
  }
  return name;
}
