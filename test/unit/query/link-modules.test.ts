import { dirname, join } from 'node:path';
import { compileModule } from '../../../src/query/compile-module';
import { type LinkedModules, linkModules } from '../../../src/query/link-modules';

const STORE = `import { datastore, t } from 'nightshift';\n`;
const USE = `import { DB } from 'nightshift';\n`;

function linked(files: Readonly<Record<string, string>>): LinkedModules {
  const modules = new Map(
    Object.entries(files).map(([file, text]) => [file, compileModule(text, file)]),
  );
  const resolve = (file: string, request: string): string | undefined => {
    const path = `${join(dirname(file), request)}.ts`;
    return path in files ? path : undefined;
  };
  return linkModules(modules, resolve);
}

/** The datastores that the modules use, by the modules' text. */
const storesOf = (files: Readonly<Record<string, string>>): (string | undefined)[] =>
  linked(files).uses.map(({ datastore }) => datastore);

const stores = `${STORE}export const Users = datastore('users', { age: t.Int });\n`;

test.each<[string, Record<string, string>]>([
  ['in the same module', { 'a.ts': `${USE}${stores}DB.get('a', Users);` }],
  [
    'imported',
    { 'stores.ts': stores, 'a.ts': `${USE}import { Users as U } from './stores'; DB.get('a', U);` },
  ],
  [
    'in a namespace',
    { 'stores.ts': stores, 'a.ts': `${USE}import * as s from './stores'; DB.keys(s.Users);` },
  ],
  [
    'exported again',
    {
      'stores.ts': stores,
      'index.ts': `export { Users as People } from './stores';`,
      'a.ts': `${USE}import { People } from './index'; DB.count(People);`,
    },
  ],
  [
    'exported again with all others, in a circle',
    {
      'stores.ts': `${stores}export * from './index';`,
      'index.ts': `export * from './stores';`,
      'a.ts': `${USE}import { Users } from './index'; DB.getAll(Users);`,
    },
  ],
  [
    'exported by its name',
    {
      'stores.ts': `${STORE}const U = datastore('users', {}); export { U as Users };`,
      'a.ts': `${USE}import { Users } from './stores'; DB.getAll(Users);`,
    },
  ],
  [
    'the default',
    {
      'stores.ts': `${STORE}export default datastore('users', {});`,
      'a.ts': `${USE}import U from './stores'; DB.getAll(U);`,
    },
  ],
  [
    'in a compiled module',
    {
      'stores.ts': `const n_1 = require('nightshift');\nexports.Users = (0, n_1.datastore)('users', {});`,
      'a.ts': `const n_1 = require('nightshift'); const s_1 = require('./stores'); n_1.DB.getAll(s_1.Users);`,
    },
  ],
  [
    'in a compiled module that exports it again',
    {
      'stores.ts': `const n_1 = require('nightshift');\nexports.Users = (0, n_1.datastore)('users', {});`,
      'index.ts': `__exportStar(require('./stores'), exports);`,
      'a.ts': `const n_1 = require('nightshift'); const s_1 = require('./index'); n_1.DB.getAll(s_1.Users);`,
    },
  ],
])('a datastore is known that is %s', (_where, files) =>
  expect(storesOf(files)).toEqual(['users']),
);

test.each<[string, Record<string, string>]>([
  ['a parameter', { 'a.ts': `${USE}const f = (store) => DB.getAll(store);` }],
  ['of a name that is made', { 'a.ts': `${USE}${STORE}DB.getAll(datastore(name(), {}));` }],
  ['of a package', { 'a.ts': `${USE}import { Users } from 'users'; DB.getAll(Users);` }],
  [
    'exported only by a circle',
    {
      'a.ts': `${USE}import { X } from './b'; DB.getAll(X);`,
      'b.ts': `export * from './c';`,
      'c.ts': `export * from './b';`,
    },
  ],
])('nothing is said of one that is %s', (_what, files) =>
  expect(storesOf(files)).toEqual([undefined]),
);

test('the fields of exact-field queries are told', () => {
  const text = `${USE}${stores}DB.queryOneWithExactFields({ age: 3, 'x': 4, ...more }, Users);`;
  expect(compileModule(text, 'a.ts').uses).toEqual([
    { store: { k: 'name', name: 'users' }, at: 'a.ts:4:1', fields: ['age', 'x'] },
  ]);
});

describe('handlers that are emitted to', () => {
  const handlers = `import { worker, cron } from 'nightshift';
export const send = worker('send-mail', async () => {});
export const report = cron('daily-report', 'Daily', async () => {});\n`;

  test.each<[string, string, string | undefined]>([
    ['by name', `emit(1, 'send-mail');`, 'send-mail'],
    ['by a const of that name', `const NAME = 'send-mail'; emit(1, NAME);`, 'send-mail'],
    ['by their definition', `emit(1, send);`, 'send-mail'],
    ['as a cron', `emit(null, report);`, 'daily-report'],
    ['many times', `emitMany([1, 2], send);`, 'send-mail'],
    ['by a name that the code makes', 'emit(1, `send-${kind}`);', undefined],
    ['by a parameter', `const to = (send) => emit(1, send);`, undefined],
  ])('%s', (_how, call, handler) => {
    const files = {
      'handlers.ts': handlers,
      'a.ts': `import { emit, emitMany } from 'nightshift';\nimport { report, send } from './handlers';\n${call}`,
    };
    expect(linked(files).emits.map((emit) => emit.handler)).toEqual([handler]);
  });

  test('a function of that name is none of ours', () => {
    const { emits } = linked({
      'a.ts': `const emit = () => {}; emit(1, 'x'); other.emit(1, 'y');`,
    });
    expect(emits).toEqual([]);
  });
});
