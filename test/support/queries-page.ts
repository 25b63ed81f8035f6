import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { datastore, t } from 'nightshift';

/** docs/queries.md. */
export const queriesPage = readFileSync(join(__dirname, '../../docs/queries.md'), 'utf8');

/** The page's own datastore. */
export const Users = datastore('Users', {
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
export function rowsUnder(heading: string): [lambda: string, says: string][] {
  const section = queriesPage.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const rows = [...section.matchAll(/^\| (`+) ?(.*?) ?\1 +\| (.*?) *\|$/gm)];
  return rows.map(([, , lambda = '', says = '']) => [
    lambda.replaceAll('\\|', '|'),
    says.replaceAll('\\|', '|'),
  ]);
}
