import { createContext, runInContext } from 'node:vm';
import { compileLine, IncompleteLine } from '../../../src/repl/compile-line';
import { MARKER } from '../../../src/shared/query-marker';
import { errorWith } from '../../support/error-with';

const DB = { query: (_store: unknown, lambda: unknown) => lambda };

/** Runs lines one after the other; the value of the last. */
async function run(...lines: string[]): Promise<unknown> {
  const context = createContext({ DB, Users: {}, client: { DB } });
  let value: unknown;
  for (const line of lines) value = await runInContext(compileLine(line).code, context);
  return value;
}

const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

describe('compileLine', () => {
  it.each<[string[], unknown]>([
    [['1 + 1'], 2],
    [['await Promise.resolve(3)'], 3],
    [['Promise.resolve(3)'], 3],
    [['const a = 1', 'a + 1'], 2],
    [['const a = 1', 'const a = 2', 'a'], 2],
    [['let a', 'a = 4; a'], 4],
    [['let a = 1, b = await Promise.resolve(a + 1)', '[a, b].join()'], '1,2'],
    [
      [
        'const { a, b: [c = 5, ...d], ...e } = { a: 1, b: [undefined, 6], f: 7 };',
        '`${a} ${c} ${d} ${e.f}`',
      ],
      '1 5 6 7',
    ],
    [['min = 3', 'min'], 3],
    [['function twice(n) { return 2 * n }', 'twice(4)'], 8],
    [['twice(4); function twice(n) { return 2 * n }'], undefined],
    [['async function f() { return 1 }', 'f()'], 1],
    [['class A { x = 1 }\n[2]', 'new A().x'], 1],
    [['({ a: 1 }).a'], 1],
    [['{ a: 1 }'], { a: 1 }],
    [['{ let a = 1; }'], undefined],
    [['1; // a comment'], 1],
    [['(1, 2)'], 2],
    [['// nothing'], undefined],
    [[''], undefined],
    [['for (const a of [1, 2]) last = a', 'last'], 2],
  ])('%j gives %j', async (lines, value) => {
    // what a context makes has prototypes of its own
    expect(JSON.stringify(await run(...lines))).toBe(JSON.stringify(value));
  });

  it.each([
    ['const a: number = (1 as unknown) as number; a', 1],
    ['const f = (a?: string, b: number = 2): number => b; f<string>()', 2],
    ['interface A { a: string }\ntype B = A; 3', 3],
    ['const o: { a?: number } = { a: 1 }; o!.a!', 1],
    ['const id = <T,>(x: T): T => x; id(4) satisfies number', 4],
    ['((5) as any)', 5],
  ])('leaves types out: %s', async (line, value) => {
    expect(await run(line)).toBe(value);
  });

  it('gives the lambda of a query the values of variables, however they came to be', async () => {
    const captures = async (...lines: string[]): Promise<unknown> =>
      ((await run(...lines)) as { captures: unknown }).captures;
    const query = 'DB.query(Users, (u) => u.age > min)';
    expect(await captures('min = 3', query)).toEqual({ min: 3 });
    expect(await captures('const min = 3', query)).toEqual({ min: 3 });
    expect(await captures('let min = 1', 'min++', query)).toEqual({ min: 2 });
    expect(await captures('var [{ min }] = [{ min: await 5 }]', query)).toEqual({ min: 5 });
    expect(await captures(`const f = (min) => ${query}; f(6)`)).toEqual({ min: 6 });
    expect(await captures(`const min = 7; ${query}`)).toEqual({ min: 7 });
    expect(
      await captures('o = { min: 8 }', 'client.DB.query(Users, (u) => u.age > o.min)'),
    ).toEqual({ 'o.min': 8 });
    expect(await run(query.replace('min', '3'))).toMatchObject({ [MARKER]: { captures: [] } });
  });

  it('shows which part of a lambda cannot be compiled', () => {
    expect(() => compileLine('DB.query(Users, (u: any) => u.age > random())')).toThrow(
      errorWith({
        code: 'query_invalid',
        message: matching(/random[^]*1 \| \(u: any\) => u\.age > random\(\)\n.*\| {21}\^{8}$/),
      }),
    );
  });

  it.each([
    'foo(',
    'const a = {',
    '`a',
    '/* a',
    'a +',
    'const a =',
    '(u) =>',
    'try { x }',
    'x.',
    '[1, ',
  ])('waits for the rest of %j', (line) => {
    expect(() => compileLine(line)).toThrow(IncompleteLine);
  });

  it.each([
    'a b',
    'foo)',
    '"a',
    'return 1',
    'const a',
    '/a',
    'import a from "b"',
    'export const a = 1',
  ])('refuses %j, and shows where', (line) => {
    expect(() => compileLine(line)).toThrow(errorWith({ code: 'usage', message: matching(/\^/) }));
    expect(() => compileLine(line)).not.toThrow(IncompleteLine);
  });
});
