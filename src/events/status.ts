import type { WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { type EventStatus, STATUS_ATTRIBUTE } from '../shared/status';

const statusKey = defineSearchAttributeKey(STATUS_ATTRIBUTE, 'KEYWORD');

type Listed = Pick<WorkflowExecutionInfo, 'status' | 'typedSearchAttributes' | 'executionTime'>;

// Started, task scheduled, task started: with more, a worker process has had the event.
const EVENTS_BEFORE_FIRST_TASK = 3;

/** The status of an event as a list shows it, where `scheduled` cannot be told from `locked`. */
export function statusOf(info: Listed, now: number): EventStatus {
  const written = info.typedSearchAttributes.get(statusKey);
  switch (info.status.name) {
    case 'COMPLETED':
      return written === 'missing' ? 'missing' : 'done';
    case 'RUNNING':
    case 'PAUSED':
      return written === 'new' || (info.executionTime?.getTime() ?? 0) > now ? 'new' : 'locked';
    case 'CONTINUED_AS_NEW':
      return 'new';
    default:
      return 'error';
  }
}

/** The status of one event, exactly, and whatever the clock of this machine says. */
export function exactStatusOf(description: WorkflowExecutionDescription, now: number): EventStatus {
  const { status, typedSearchAttributes, historyLength, raw } = description;
  const open = status.name === 'RUNNING' || status.name === 'PAUSED';
  if (!open || typedSearchAttributes.get(statusKey) === 'new') return statusOf(description, now);
  const task = raw.pendingWorkflowTask;
  if (task == null && historyLength === 1) return 'new'; // delayed: the server has not yet asked for a worker
  const waits = task != null && task.startedTime == null;
  return waits && historyLength <= EVENTS_BEFORE_FIRST_TASK ? 'scheduled' : 'locked';
}

/** What visibility queries call the ends that are the event's status `error`. */
export const ENDED_IN_ERROR = ['Failed', 'Canceled', 'Terminated', 'TimedOut'];

/** The visibility query for a status. */
export function queryOfStatus(status: EventStatus, now: number): string {
  switch (status) {
    case 'new':
      return `ExecutionStatus = "Running" AND (${STATUS_ATTRIBUTE} = "new" OR ExecutionTime > "${new Date(now).toISOString()}")`;
    case 'scheduled':
    case 'locked':
      return `ExecutionStatus = "Running" AND ${STATUS_ATTRIBUTE} IS NULL AND ExecutionTime <= "${new Date(now).toISOString()}"`;
    case 'done':
      return `ExecutionStatus = "Completed" AND ${STATUS_ATTRIBUTE} IS NULL`;
    case 'missing':
      return `ExecutionStatus = "Completed" AND ${STATUS_ATTRIBUTE} = "missing"`;
    case 'error':
      return `ExecutionStatus IN (${ENDED_IN_ERROR.map((ended) => `"${ended}"`).join(', ')})`;
  }
}
