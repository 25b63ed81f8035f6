import { eventIdOf, workflowIdOf } from '../../../src/shared/ids';

test.each(['order-1', 'a/b', 'shop/x'])('event %p has a workflow id that leads back to it', (id) =>
  expect(eventIdOf('shop', workflowIdOf('shop', id))).toBe(id),
);

test('the same event id in two apps is two workflows', () => {
  expect(workflowIdOf('shop', '1')).not.toBe(workflowIdOf('bank', '1'));
});

test('a workflow started by hand keeps its id', () => {
  expect(eventIdOf('shop', 'by-hand')).toBe('by-hand');
});
