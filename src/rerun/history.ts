import { toJsonPayload } from './json-payload';
import { RERUN_HEADER, type RerunInput, TICK_SIGNAL } from '../shared/rerun';

/** A history in Temporal's JSON form, as a saved trace has it. */
export interface JsonHistory {
  readonly events: readonly JsonEvent[];
}

export type JsonEvent = Readonly<Record<string, unknown>>;

/**
 * A history that holds a past run's beginning, hence its id, its input and its random numbers, and what is given to the
 * run in place of the rest. Each tick is a workflow task of its own: it begins when the run can do no more by itself.
 */
export function historyToRerun(past: JsonHistory, input: RerunInput, ticks: number): JsonHistory {
  const [first] = past.events;
  const started = first?.['workflowExecutionStartedEventAttributes'] as JsonEvent;
  const { fields = {} } = (started['header'] ?? {}) as { fields?: object };
  const header = { fields: { ...fields, [RERUN_HEADER]: toJsonPayload(input) } };
  const time = new Date(input.startedAt).toISOString();
  const events: JsonEvent[] = [
    { ...first, workflowExecutionStartedEventAttributes: { ...started, header } },
  ];
  const add = (type: string, attributes: JsonEvent): number => {
    const eventId = events.length + 1;
    const [name, fieldName] = namesOf(type);
    events.push({
      eventId: String(eventId),
      eventTime: time,
      eventType: name,
      [fieldName]: attributes,
    });
    return eventId;
  };
  const task = (): [scheduled: number, started: number] => {
    const scheduled = add('workflowTaskScheduled', { attempt: 1 });
    return [scheduled, add('workflowTaskStarted', { scheduledEventId: String(scheduled) })];
  };
  let [scheduledEventId, startedEventId] = task();
  for (let i = 0; i < ticks; i++) {
    const ids = {
      scheduledEventId: String(scheduledEventId),
      startedEventId: String(startedEventId),
    };
    add('workflowTaskCompleted', ids);
    add('workflowExecutionSignaled', { signalName: TICK_SIGNAL });
    [scheduledEventId, startedEventId] = task();
  }
  return { events };
}

/** Both names that an entry's type has: `EVENT_TYPE_WORKFLOW_TASK_STARTED`, `workflowTaskStartedEventAttributes`. */
function namesOf(type: string): [string, string] {
  const upper = type.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return [`EVENT_TYPE_${upper}`, `${type}EventAttributes`];
}
