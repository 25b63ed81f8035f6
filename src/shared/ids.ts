/**
 * The Temporal workflow id of an event. The app's name stands before the event's id because workflow ids are shared by
 * all apps of a namespace: without it, `order-1` of one app would swallow `order-1` of another.
 */
export function workflowIdOf(app: string, eventId: string): string {
  return `${app}/${eventId}`;
}

/** The event id of a workflow; the whole id for one that was started by hand, without the app's name before it. */
export function eventIdOf(app: string, workflowId: string): string {
  return workflowId.startsWith(`${app}/`) ? workflowId.slice(app.length + 1) : workflowId;
}
