import { type CompiledModule, compileModule } from '../../../src/query/compile-module';
import { MARKER } from '../../../src/shared/query-marker';
import { QueryError } from '../../../src/query/query-error';

const HEAD = `import { datastore, DB, t, worker } from 'nightshift';\nconst Users = datastore('Users', { age: t.Int });\n`;

const textsIn = ({ uses }: CompiledModule): (string | undefined)[] =>
  uses.map(({ lambda }) => lambda?.text);

/** What the call of DB would get as its second argument, with these variables around it. */
function passed(code: string, around: Record<string, unknown> = {}): Record<string, unknown> {
  const call = /DB\.query\(([\s\S]*)\)/.exec(code)?.[1] ?? '';
  const names = Object.keys({ Users: 0, ...around });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what it makes is source text
  const make = new Function(...names, `return [${call}][1]`) as (...values: unknown[]) => never;
  return make(0, ...Object.values(around));
}

describe('a call of DB is found', () => {
  test.each([
    ['imported', `import { DB } from 'nightshift'; DB.query(Users, (u) => u.age > 1);`],
    ['renamed', `import { DB as db } from 'nightshift'; db.query(Users, (u) => u.age > 1);`],
    ['in the namespace', `import * as n from 'nightshift'; n.DB.query(Users, (u) => u.age > 1);`],
    [
      'in a const',
      `import * as n from 'nightshift'; const db = n.DB; db.query(Users, (u) => u.age > 1);`,
    ],
    [
      'taken from the namespace',
      `import * as n from 'nightshift'; const { DB: db } = n; db.query(Users, (u) => u.age > 1);`,
    ],
    ['in brackets', `import { DB } from 'nightshift'; DB['query'](Users, (u) => u.age > 1);`],
    [
      'a function of its own',
      `import { DB } from 'nightshift'; const { query: q } = DB; q(Users, (u) => u.age > 1);`,
    ],
    ['required', `const n = require('nightshift'); n.DB.query(Users, (u) => u.age > 1);`],
    ['taken apart', `const { DB } = require('nightshift'); DB.query(Users, (u) => u.age > 1);`],
  ])('%s', (_how, code) =>
    expect(textsIn(compileModule(code, 'app.ts'))).toEqual(['(u) => u.age > 1']),
  );

  test.each([
    ['of another package', `import { DB } from 'other'; DB.query(Users, (u) => f(u));`],
    ['not imported', `DB.query(Users, (u) => f(u));`],
    ['hidden by a parameter', `${HEAD}const g = (DB) => DB.query(Users, (u) => f(u));`],
    ['hidden by a const', `${HEAD}{ const DB = other(); DB.query(Users, (u) => f(u)); }`],
    [
      'hidden where its function is taken from',
      `${HEAD}const g = (DB) => { const { query } = DB; query(Users, (u) => f(u)); };`,
    ],
    ['hidden by var', `${HEAD}function g() { if (1) { var DB; } DB.query(Users, (u) => f(u)); }`],
  ])('not if it is %s', (_how, code) =>
    expect(compileModule(code, 'app.ts')).toMatchObject({ code, uses: [] }),
  );
});

describe('the lambda', () => {
  test('is replaced by its IR and the values around it', () => {
    const code = `${HEAD}DB.query(Users, (u) => u.age > event.min && u.age < max)`;
    const { code: compiled } = compileModule(code, 'app.ts');
    expect(passed(compiled, { event: { min: 3 }, max: 5 })).toMatchObject({
      [MARKER]: { version: 1, file: 'app.ts', line: 3, column: 17 },
      captures: { 'event.min': 3, max: 5 },
    });
  });

  test.each([
    ['a const of the module', `const adult = (u) => u.age > 17;`],
    ['a const in the same function', `const adult = function (u) { return u.age > 17; };`],
    ['a function of the module', `function adult(u) { return u.age > 17; }`],
    ['typed', `const adult = ((u: User) => u.age > 17) satisfies Lambda;`],
  ])('may be %s', (_what, held) => {
    const { uses } = compileModule(`${HEAD}${held}\nDB.query(Users, adult);`, 'app.ts');
    expect(uses[0]?.lambda?.body).toMatchObject({ k: 'binary', op: '>' });
  });

  test('is taken at its own place where it is a const', () => {
    const code = `${HEAD}const adult = (u) => u.agee > 17;\n\nDB.query(Users, adult);`;
    expect(compileModule(code, 'app.ts').uses[0]).toMatchObject({
      at: 'app.ts:5:1',
      lambda: { line: 3, column: 15 },
    });
  });

  test('reads a hidden global as a value from around it', () => {
    const code = `${HEAD}const Math = { abs: (x) => x };\nDB.query(Users, (u) => u.age > Math.abs);`;
    expect(compileModule(code, 'app.ts').uses[0]?.lambda?.captures).toEqual(['Math.abs']);
  });

  test('of the outer of two variables of one name is refused', () => {
    const code = `${HEAD}const min = 3;\nconst old = (u) => u.age > min;\nfunction f(min) { DB.query(Users, old); }`;
    expect(() => compileModule(code, 'app.ts')).toThrow('uses a variable "min" that is another');
  });

  test.each([
    ['a parameter', `const find = (test) => DB.query(Users, test);`],
    ['imported', `import { test } from './tests'; DB.query(Users, test);`],
    ['made by a call', `DB.query(Users, olderThan(3));`],
    ['one of two', `DB.query(Users, x ? (u) => u.age > 1 : (u) => u.age < 1);`],
    ['let', `let test = (u) => u.age > 1; DB.query(Users, test);`],
  ])('is refused where it is %s', (_what, code) =>
    expect(() => compileModule(HEAD + code, 'app.ts')).toThrow(
      /^Query at app\.ts:3:\d+: The second argument of a query is a lambda that stands here/,
    ),
  );

  test('is needed', () =>
    expect(() => compileModule(`${HEAD}DB.queryOne(Users);`, 'app.ts')).toThrow(
      'A query takes a datastore and a lambda',
    ));
});

test('lines stay where they are', () => {
  const code = `${HEAD}DB.query(Users, (u) => {\n  const limit = 3;\n  return u.age > limit;\n});\nlast();\n`;
  const { code: compiled } = compileModule(code, 'app.ts');
  expect(compiled.split('\n').indexOf('last();')).toBe(code.split('\n').indexOf('last();'));
});

test('several queries on a line, and one in the arguments of another', () => {
  const code = `${HEAD}[DB.query(Users, (u) => u.age > 1), DB.query(Users, (u) => u.age > 2)];
DB.query(await f(DB.query(Users, (u) => u.age > 3)), (u) => u.age > 4);`;
  const { code: compiled, uses } = compileModule(code, 'app.ts');
  expect(uses).toHaveLength(4);
  expect(compiled.split(MARKER)).toHaveLength(5);
});

test('a module that cannot be parsed is left to whoever reads it next', () => {
  const code = `${HEAD}DB.query(Users, (u) =>`;
  expect(compileModule(code, 'app.ts')).toMatchObject({ code, uses: [] });
});

test('an error says where, underlines the expression, and says why and what to write', () => {
  const code = `${HEAD}export const a = worker('a', async () =>\n  DB.query(Users, (u) => u.age > now() && u.age < 9),\n);`;
  let error: unknown;
  try {
    compileModule(code, 'src/app.ts');
  } catch (e) {
    error = e;
  }
  expect(error).toBeInstanceOf(QueryError);
  expect(error).toMatchObject({
    code: 'query_invalid',
    line: 4,
    column: 34,
    expression: 'now()',
  });
  const lines = (error as Error).message.split('\n');
  expect(lines[0]).toMatch(/^Query at src\/app\.ts:4:34: /);
  expect(lines.at(-2)).toContain('| (u) => u.age > now() && u.age < 9');
  expect(lines.at(-1)?.indexOf('^^^^^')).toBe(lines.at(-2)?.indexOf('now()'));
});
