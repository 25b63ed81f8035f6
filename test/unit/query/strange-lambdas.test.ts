import { datastore, t } from 'nightshift';
import { checkQuery, compileQuery } from '../../../src/query/compile-query';
import { compileText } from '../../../src/query/parse';

const Users = datastore('Users', { name: t.String, age: t.Int, active: t.Bool });

function compile(text: string): (record: unknown) => boolean {
  const { ir } = compileText(text, 'app.ts');
  checkQuery(ir, Users);
  return compileQuery(ir, Users, {}).matches;
}

const user = { name: 'Paul', age: 41, active: true };

test.each([
  ['(u) => !u', false],
  ['(u) => !!u', true],
  ['(u) => (u ? u.active : false)', true],
  ['(u) => !u || u.age > 40', true],
])('a record is true, as any object: %s', (text, expected) => {
  expect(compile(text)(user)).toBe(expected);
});

test('an expression that no stack is deep enough for is refused', () => {
  for (const text of [
    `(u) => ${'!'.repeat(10_000)}u.active`,
    `(u) => u.age${' + u.age'.repeat(2_000)} === 1`,
  ])
    expect(() => compile(text)).toThrow('An expression is nested more than 500 deep');
});

test('a long list of alternatives is none such', () => {
  expect(compile(`(u) => u.age === 41${' || u.age === 1'.repeat(400)}`)(user)).toBe(true);
});

test('a pattern that is none is refused with its place', () => {
  expect(() => compile('(u) => /[b-a]/.test(u.name)')).toThrow(
    /^Query at app\.ts:1:8: Invalid regular expression: \/\[b-a\]\/: Range out of order/,
  );
});
