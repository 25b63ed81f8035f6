import { createHash } from 'node:crypto';
import {
  type Backfill,
  ScheduleOverlapPolicy,
  type ScheduleOptions,
  type ScheduleSpec,
} from '@temporalio/client';
import type { CronDefinition, ResolvedCronTime } from '../definitions/cron';
import { fairnessKeyOf } from '../events/fairness-key';
import { workflowIdOf } from '../shared/ids';
import { textOfTime } from './text-of-time';

/** One cron is one schedule, of this id. */
export function scheduleIdOf(app: string, cron: string): string {
  return `${app}/${cron}`;
}

const OVERLAP = {
  skip: ScheduleOverlapPolicy.SKIP,
  'buffer-one': ScheduleOverlapPolicy.BUFFER_ONE,
  allow: ScheduleOverlapPolicy.ALLOW_ALL,
} as const;

// Temporal refuses less; so short a window would lose runs to a slow second anyway.
const MIN_CATCHUP_MS = 10_000;

/** `now` anchors an interval that has no offset of its own; `catchupMs` is for times that are no interval. */
export function scheduleOf(
  app: string,
  cron: CronDefinition,
  now: number,
  catchupMs = cron.options.catchupMs ?? 0,
): ScheduleOptions {
  const { overlap, description } = cron.options;
  return {
    scheduleId: scheduleIdOf(app, cron.name),
    spec: specOf(cron, now),
    action: {
      type: 'startWorkflow',
      workflowType: cron.name,
      workflowId: workflowIdOf(app, cron.name),
      taskQueue: app,
      args: [null],
      memo: { [HASH]: hashOf(cron), [WHEN]: textOfTime(cron.when) },
      ...(description === undefined ? {} : { staticSummary: description }),
      // Not in the SDK's type, but sent.
      ...({ priority: { fairnessKey: fairnessKeyOf(cron.name) } } as object),
    },
    policies: { overlap: OVERLAP[overlap], catchupWindow: Math.max(catchupMs, MIN_CATCHUP_MS) },
    state: runsAtOnce(cron.when) ? { backfill: [firstRun(cron, now)] } : {},
  };
}

/** In the action's memo: tells whether a schedule still is what its definition says. */
export const HASH = 'nightshift.definition';
/** Beside it: the definition's time for people, because Temporal keeps only what it made of it. */
export const WHEN = 'nightshift.when';

export function hashOf({
  when,
  options: { overlap, catchupMs, jitterMs, description },
}: CronDefinition): string {
  const relevant = JSON.stringify({ when, overlap, catchupMs, jitterMs, description });
  return createHash('sha256').update(relevant).digest('hex').slice(0, 16);
}

/** Only where the time is an interval counted from now: a cron for Mondays at nine waits for Monday. */
const runsAtOnce = (when: ResolvedCronTime): boolean =>
  when.kind === 'interval' && when.offsetMs === undefined;

/**
 * The moment that the interval counts from is its first time. It is asked for as a backfill, because of a trigger
 * Temporal does not watch the end, and so would run the second time beside it, whatever `overlap` says.
 */
function firstRun({ options }: CronDefinition, now: number): Backfill {
  const first = now - (now % 1000);
  return {
    start: new Date(first - 500),
    end: new Date(first + 500),
    overlap: OVERLAP[options.overlap],
  };
}

export function specOf({ when, options }: CronDefinition, now: number): ScheduleSpec {
  const jitter = options.jitterMs === undefined ? {} : { jitter: options.jitterMs };
  switch (when.kind) {
    case 'interval':
      return {
        ...jitter,
        intervals: [{ every: when.everyMs, offset: when.offsetMs ?? anchor(now, when.everyMs) }],
      };
    case 'cron':
      return { ...jitter, cronExpressions: [when.expression], timezone: when.timezone };
    case 'calendar':
      return { ...jitter, calendars: [when.calendar], timezone: when.timezone };
  }
}

/** Temporal counts intervals from 1970; this offset makes them count from `now`. In whole seconds. */
function anchor(now: number, everyMs: number): number {
  return Math.floor((now % everyMs) / 1000) * 1000;
}
