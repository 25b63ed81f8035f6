import { TypedSearchAttributes, defineSearchAttributeKey } from '@temporalio/common';
import { statusOf } from '../../../src/events/status';
import type { EventStatus } from '../../../src/shared/status';

const NOW = 1000;
const key = defineSearchAttributeKey('NightshiftStatus', 'KEYWORD');

test.each<[string, string | undefined, number, EventStatus]>([
  ['RUNNING', undefined, NOW, 'locked'],
  ['RUNNING', 'new', NOW, 'new'],
  ['RUNNING', undefined, NOW + 1, 'new'],
  ['PAUSED', undefined, NOW, 'locked'],
  ['COMPLETED', undefined, NOW, 'done'],
  ['COMPLETED', 'missing', NOW, 'missing'],
  ['CONTINUED_AS_NEW', undefined, NOW, 'new'],
  ['FAILED', undefined, NOW, 'error'],
  ['FAILED', 'new', NOW, 'error'],
  ['CANCELLED', 'new', NOW, 'error'],
  ['TERMINATED', undefined, NOW, 'error'],
  ['TIMED_OUT', undefined, NOW, 'error'],
])('a workflow that is %s, marked %p, due at %d is %s', (name, written, due, status) => {
  const typedSearchAttributes = new TypedSearchAttributes(
    written === undefined ? [] : [{ key, value: written }],
  );
  const info = {
    status: { name, code: 0 } as never,
    typedSearchAttributes,
    executionTime: new Date(due),
  };
  expect(statusOf(info, NOW)).toBe(status);
});
