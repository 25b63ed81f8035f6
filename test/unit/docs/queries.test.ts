import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { datastore } from '../../../src/definitions/datastore';
import { t } from '../../../src/definitions/types';
import { checkQuery } from '../../../src/query/compile-query';
import { compileText } from '../../../src/query/parse';

const page = readFileSync(join(__dirname, '../../../docs/queries.md'), 'utf8');

/** The page's own datastore. */
const Users = datastore('Users', {
  name: t.String,
  age: t.Int,
  score: t.Float,
  active: t.Bool,
  nick: t.optional(t.String),
  tags: t.List(t.String),
  prices: t.Dict(t.Int),
  joined: t.Date,
  home: t.Record({ city: t.String, zip: t.optional(t.Int) }),
  pets: t.List(t.Record({ name: t.String, age: t.Int })),
  token: t.UUID,
  secret: t.Password,
});

/** The rows of the table under a heading: lambda, and what the page says of it. */
function rowsUnder(heading: string): [string, string][] {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const rows = [...section.matchAll(/^\| (`+) ?(.*?) ?\1 +\| (.*?) *\|$/gm)];
  return rows.map(([, , lambda = '', says = '']) => [
    lambda.replaceAll('\\|', '|'),
    says.replaceAll('\\|', '|'),
  ]);
}

const indexesOf = (lambda: string): string[] =>
  checkQuery(compileText(lambda, 'app.ts').ir, Users).indexFields.map((path) => path.slice(2));

test('the page has its datastore', () =>
  expect(page.replace(/\s/g, '')).toContain(
    "export const Users = datastore('Users', {".replace(/\s/g, ''),
  ));

test('the page has its tables', () => {
  expect(rowsUnder('What can be asked').length).toBeGreaterThan(25);
  expect(rowsUnder('What is refused').length).toBeGreaterThan(15);
});

test.each(rowsUnder('What can be asked'))('%s is served by the index: %s', (lambda, indexes) =>
  expect(indexesOf(lambda)).toEqual([...indexes.matchAll(/`(.*?)`/g)].map(([, name]) => name)),
);

test.each(rowsUnder('What is refused'))('%s is refused: %s', (lambda, why) =>
  expect(() => indexesOf(lambda)).toThrow(why),
);
