import { checkQuery } from '../../../src/query/compile-query';
import { compileText } from '../../../src/query/parse';
import { queriesPage, rowsUnder, Users } from '../../support/queries-page';

const indexesOf = (lambda: string): string[] =>
  checkQuery(compileText(lambda, 'app.ts').ir, Users).indexFields.map((path) => path.slice(2));

test('the page has its datastore', () =>
  expect(queriesPage.replace(/\s/g, '')).toContain(
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
