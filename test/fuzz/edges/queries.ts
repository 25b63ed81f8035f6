import fc from 'fast-check';
import { Users } from '../records';
import { checkQuery, compileQuery } from '../../../src/query/compile-query';
import { compileText } from '../../../src/query/parse';
import { QueryError } from '../../../src/query/query-error';
import type { Edge } from '../edge';
import { mutated, odd, texts } from '../texts';

const LAMBDAS = [
  '(u) => u.age > 18 && u.name.startsWith("A")',
  'u => u.tags.some((tag) => tag === "x") || !u.active',
  '({ name, age }) => name.toLowerCase() === "paul" && age % 2 === 0',
  'function (u) { const old = u.joined < since; return old && u.age >= min; }',
  '(u) => /^a+b?[c-z]{2,3}$/i.test(u.name)',
  '(u) => u.joined.getTime() + 86_400_000 > new Date(now).getTime()',
  '(u) => ("k" in u.notes && u.notes["k"] === 1) || u.tags[0] === `a${u.name}`',
  '(u) => (u.age ?? 0) + Math.max(u.age, u.score) * 2 ** 3 <= limit',
  '(u) => names.includes(u.name) ? u.active : u.name.split("").reverse().join("") === "a"',
];

const PIECES = [
  ...['(', ')', '=>', 'u', '.', 'name', '===', '&&', '||', '!', '"a"', '1', '[', ']', '{', '}'],
  ...['?', ':', '??', '?.', '/a/', '`', '${', ',', 'return', 'const', 'new', 'Date', 'in', 'async'],
  ...['function', 'await', 'this', 'null', 'undefined', '+', '-', '*', '**', '%', 'includes', ';'],
];

const lambdas = fc.oneof(
  { weight: 6, arbitrary: mutated(LAMBDAS) },
  {
    weight: 6,
    arbitrary: fc
      .array(fc.constantFrom(...PIECES), { maxLength: 30 })
      .map((all) => `(u) => ${all.join(' ')}`),
  },
  { weight: 2, arbitrary: texts },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.nat({ max: 3_000 }).map((n) => `(u) => ${'('.repeat(n)}u.active${')'.repeat(n)}`),
      fc.nat({ max: 3_000 }).map((n) => `(u) => ${'!'.repeat(n)}u.active`),
      fc.nat({ max: 1_000 }).map((n) => `(u) => u.age === 1${' || u.age === 1'.repeat(n)}`),
      fc
        .nat({ max: 1_000 })
        .map((n) => `(u) => /${'(a|'.repeat(n)}b${')*'.repeat(n)}/.test(u.name)`),
    ),
  },
);

interface Input {
  readonly text: string;
  /** What each captured variable holds. */
  readonly captured: unknown;
  readonly record: unknown;
}

/** A lambda is compiled, or refused with its place; what was compiled judges any record. */
export const queries: Edge<Input> = {
  name: 'queries',
  share: 250,
  inputs: fc.record({ text: lambdas, captured: odd, record: odd }),
  try({ text, captured, record }) {
    try {
      const { ir } = compileText(text, 'app.ts');
      checkQuery(ir, Users);
      const captures = Object.fromEntries(ir.captures.map((name) => [name, captured]));
      compileQuery(ir, Users, captures).matches(record);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
    }
  },
};
