import pc from 'picocolors';
import { datastore, t, worker } from 'nightshift';
import { ASCII, type Io } from '../../../src/cli/io';
import { showValue } from '../../../src/repl/show-value';

const io = { colors: pc.createColors(false), symbols: ASCII } as Io;
const show = (value: unknown, columns?: number): string =>
  showValue(value, columns === undefined ? io : { ...io, columns });

describe('showValue', () => {
  it('shows a list of records as a table', () => {
    const joined = new Date('2026-01-02T03:04:05Z');
    expect(
      show([
        { name: 'Paul', age: 1234, joined },
        { name: 'Eva', nick: null, pets: ['a'] },
      ]),
    ).toBe(
      [
        'NAME   AGE  JOINED                    NICK  PETS',
        'Paul  1234  2026-01-02T03:04:05.000Z',
        "Eva                                   null  [ 'a' ]",
      ].join('\n'),
    );
  });

  it('shows a map of records with its keys, also where a record has a field of that name', () => {
    const map = Object.assign(Object.create(null) as object, {
      paul: { key: 'k' },
      eva: { age: 1 },
    });
    expect(show(map)).toBe('KEY   KEY  AGE\npaul  k\neva          1');
  });

  it('shows a record, an empty list, and lists of anything else as Node does', () => {
    expect(show({ name: 'Paul', age: 3 })).toBe("{ name: 'Paul', age: 3 }");
    expect(show([])).toBe('[]');
    expect(show({})).toBe('{}');
    expect(show([1, { a: 1 }])).toBe('[ 1, { a: 1 } ]');
    expect(show([['paul', { a: 1 }]])).toBe("[ [ 'paul', { a: 1 } ] ]");
    expect(show('text')).toBe("'text'");
    expect(show(null)).toBe('null');
  });

  it('shows at most a hundred rows, and tells how many more there are', () => {
    const lines = show(Array.from({ length: 1250 }, (_, n) => ({ n }))).split('\n');
    expect(lines).toHaveLength(102);
    expect(lines.at(-1)).toBe('and 1,150 more');
  });

  it('cuts cells until the table fits the terminal', () => {
    const records = [{ a: 'x'.repeat(70), b: 'y'.repeat(70), c: 1 }];
    for (const columns of [160, 100, 60]) {
      const widest = Math.max(
        ...show(records, columns)
          .split('\n')
          .map((line) => line.length),
      );
      expect(widest).toBeLessThanOrEqual(columns);
    }
    expect(show(records, 160)).toContain('x'.repeat(70));
  });

  it('keeps a cell on one line', () => {
    expect(show([{ a: 'x\ny' }]).split('\n')).toEqual(['A', "'x\\ny'"]);
  });

  it('shows definitions by kind, name and fields', () => {
    expect(show(datastore('Users', { name: t.String, pets: t.List(t.String) }))).toBe(
      'datastore Users\n  name: String\n  pets: List<String>',
    );
    expect(show(worker('onSignup', async () => 1))).toBe('worker onSignup');
  });

  it('shows an event as its id', () => {
    expect(show({ id: 'e-1', repeated: false, describe: () => 1 })).toBe('event e-1');
  });
});
