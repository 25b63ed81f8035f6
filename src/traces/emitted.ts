import { eventsIn } from '../shared/emit-many';
import { isWhole } from '../shared/summary';
import type { EventRef, StepTrace } from './trace';

/**
 * The events that a step emitted. Its summary names them also where no replay knows the arguments, but long ids do not
 * fit into one.
 * @param args as the step was called, not as they are shown
 */
export function emittedIn(
  { name, summary }: Pick<StepTrace, 'name' | 'summary'>,
  args: unknown,
): Pick<StepTrace, 'child' | 'children'> {
  const told = summary !== undefined && isWhole(summary) ? summary : undefined;
  if (name === 'Event::emit') {
    const child = childOfCall(args) ?? childOfSummary(told);
    return child === undefined ? {} : { child };
  }
  if (name !== 'Event::emitMany') return {};
  const children = childrenOfCall(args) ?? eventsIn(told ?? '');
  return children === undefined ? {} : { children };
}

function childOfCall(args: unknown): EventRef | undefined {
  if (!Array.isArray(args)) return undefined;
  const [, handler, { id }] = args as [event: unknown, handler: string, options: { id: string }];
  return { handler, id };
}

function childrenOfCall(args: unknown): EventRef[] | undefined {
  if (!Array.isArray(args)) return undefined;
  const [, handler, { ids }] = args as [
    events: unknown,
    handler: string,
    options: { ids: readonly string[] },
  ];
  return ids.map((id) => ({ handler, id }));
}

/** `<handler> <id>`: ids seldom have spaces. */
function childOfSummary(summary = ''): EventRef | undefined {
  const space = summary.lastIndexOf(' ');
  return space < 0 ? undefined : { handler: summary.slice(0, space), id: summary.slice(space + 1) };
}
