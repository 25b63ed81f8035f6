import { ResultBudget } from '../../../src/datastore/result-budget';
import { errorWith } from '../../support/error-with';

const budget = (limit: number): ResultBudget => new ResultBudget(limit, 'What was read', 'DB.scan');

test('refuses only what is larger in truth, not what might be', () => {
  const exact = budget(1000);
  for (let i = 0; i < 10; i++) exact.add('x'.repeat(98)); // 100 bytes each, up to 590 by the bound
  expect(() => exact.add('')).toThrow(
    errorWith({
      code: 'value_too_large',
      message:
        'What was read is larger than 1000 bytes (2 MB), the most one step can return; use DB.scan instead',
    }),
  );
});

test('without a limit takes anything', () => {
  expect(() => budget(Number.POSITIVE_INFINITY).add('x'.repeat(3_000_000))).not.toThrow();
});
