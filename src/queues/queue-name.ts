import { checkHandlerName } from '../shared/names';
import { ALL_QUEUES } from '../shared/rules';

/** A handler's name, or `*` for all. @throws {InvalidInputError} code `handler_name_invalid` */
export function checkQueueName(name: string): void {
  if (name !== ALL_QUEUES) checkHandlerName(name, 'A queue name');
}
