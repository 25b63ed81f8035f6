import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DB } from '../../../index';

const page = readFileSync(join(__dirname, '../../../docs/coming-from-dark.md'), 'utf8');

/** What Dark's standard library had for datastores. */
const DARK = [
  ...['set', 'add', 'get', 'getMany', 'getExisting', 'getManyWithKeys', 'delete', 'deleteAll'],
  ...['getAll', 'getAllWithKeys', 'count', 'keys', 'schema', 'schemaFields', 'generateKey'],
  ...['queryExactFields', 'queryOneWithExactFields', 'query', 'queryWithKey', 'queryOne'],
  ...['queryOneWithKey', 'queryCount', 'queryExactFieldsWithKey', 'queryOneWithExactFieldsWithKey'],
];

test.each(DARK)('the page says where DB::%s is, and it is there', (name) => {
  expect(page).toMatch(new RegExp(`DB\\.${name}\\b`));
  expect(DB).toHaveProperty(name);
});

test('it names no function that there is not', () => {
  const named = [...page.matchAll(/\bDB\.(\w+)/g)].map(([, name]) => name);
  for (const name of named) expect(DB).toHaveProperty(String(name));
});
