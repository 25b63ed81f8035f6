import { datastore, migration, t } from 'nightshift';
import type { PageEntry } from '../../../src/shared/migration';
import { transformPage } from '../../../src/workflows/transform-page';

const From = datastore('From', { n: t.Int, d: t.Dict(t.Int) });
const To = datastore('To', { n: t.Int });

const page = (...numbers: number[]): PageEntry[] =>
  numbers.map((n) => [`key ${n}`, { n, d: { x: n } }]);

const transform = (make: (record: { n: number; d: object }, key: string) => unknown) =>
  migration('m', From, To, make as never);

test('makes a record of each, under its key', () => {
  const doubled = transform(({ n }, key) => ({ n: 2 * n + key.length }));
  expect(transformPage(doubled, page(1, 2), { tryAll: false })).toEqual({
    records: [
      ['key 1', { n: 7 }],
      ['key 2', { n: 9 }],
    ],
    leftOut: 0,
    failures: [],
  });
});

test('leaves out those for which it gives undefined', () => {
  const odd = transform(({ n }) => (n % 2 === 0 ? undefined : { n }));
  const { records, leftOut, failures } = transformPage(odd, page(1, 2, 3, 4), { tryAll: false });
  expect(records.map(([key]) => key)).toEqual(['key 1', 'key 3']);
  expect({ leftOut, failures }).toEqual({ leftOut: 2, failures: [] });
});

test('gives Dicts without prototype, as a handler gets them', () => {
  const inherits = transform(({ d }) => ({ n: 'toString' in d ? 1 : 0 }));
  expect(transformPage(inherits, page(1), { tryAll: false }).records).toEqual([
    ['key 1', { n: 0 }],
  ]);
});

describe('records that cannot be copied', () => {
  const picky = transform(({ n }) => {
    if (n === 2) throw new Error('two');
    return n === 4 ? { n: 'four' } : { n };
  });

  test('end the page: what stands before them counts', () => {
    expect(transformPage(picky, page(1, 2, 3, 4), { tryAll: false })).toEqual({
      records: [['key 1', { n: 1 }]],
      leftOut: 0,
      failures: [{ key: 'key 2', reason: 'two' }],
    });
  });

  test('are all found if all are tried', () => {
    const { records, failures } = transformPage(picky, page(1, 2, 3, 4, 5), { tryAll: true });
    expect(records).toHaveLength(3);
    expect(failures).toEqual([
      { key: 'key 2', reason: 'two' },
      { key: 'key 4', reason: 'Expected Int for To.n, got String' },
    ]);
  });

  test('are those too that could not be read', () => {
    const unreadable: PageEntry = ['bad', null, 'does not fit its schema'];
    const right = transform(({ n }) => ({ n }));
    expect(transformPage(right, [unreadable, ...page(1)], { tryAll: true })).toMatchObject({
      records: [['key 1', { n: 1 }]],
      failures: [{ key: 'bad', reason: 'does not fit its schema' }],
    });
  });

  test.each<[string, () => unknown, string]>([
    ['null', () => null, 'Expected Record for To, got Null'],
    ['a list', () => [], 'Expected Record for To, got List'],
    ['no fields', () => ({}), 'Expected but did not find: [n]'],
    ['a promise', async () => ({ n: 1 }), 'must return the record itself, not a promise'],
    [
      'a long complaint',
      () => ({ ['x'.repeat(9_999)]: 1, n: 1 }),
      'Found but did not expect: [xxx',
    ],
  ])('%s', (_what, make, reason) => {
    const { failures } = transformPage(transform(make), page(1), { tryAll: true });
    expect(failures).toHaveLength(1);
    expect(failures[0]?.reason).toContain(reason);
    expect(failures[0]?.reason.length).toBeLessThanOrEqual(500);
  });
});
