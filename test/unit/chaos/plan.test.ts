import { readOptions } from '../../chaos/options';
import { FAULT_KINDS, planFaults } from '../../chaos/plan';

const options = { seed: 7, faults: 240, kinds: FAULT_KINDS, longestMs: 60_000 };

test('a seed has one plan, and another seed another', () => {
  expect(planFaults(options)).toEqual(planFaults(options));
  expect(planFaults({ ...options, seed: 8 })).not.toEqual(planFaults(options));
});

test('each kind comes as often as any other', () => {
  const plan = planFaults(options);
  for (const kind of FAULT_KINDS)
    expect(plan.filter((fault) => fault.kind === kind)).toHaveLength(20);
});

test('no fault lasts longer than the longest may', () => {
  const lasting = (longestMs: number): number[] =>
    planFaults({ ...options, longestMs }).map(({ lastsMs }) => lastsMs);
  expect(Math.max(...lasting(2_000))).toBeLessThanOrEqual(2_000);
  expect(Math.max(...lasting(60_000))).toBeGreaterThan(40_000); // a frozen process for nearly a minute
});

test('options name kinds by their beginnings, and a mistake is told', () => {
  expect(readOptions(['--only', 'kill,cut', '--faults', '30'], 5)).toMatchObject({
    seed: 5,
    faults: 30,
    kinds: ['kill-worker', 'kill-client', 'kill-temporal', 'kill-mongodb', 'cut'],
  });
  expect(() => readOptions(['--only', 'flood'], 5)).toThrow('--only knows no kind "flood"');
  expect(() => readOptions(['--faults', 'many'], 5)).toThrow(
    '--faults must be a whole number, got "many"',
  );
});
