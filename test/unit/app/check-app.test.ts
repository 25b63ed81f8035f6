import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type AppCheck, checkApp } from '../../../src/app/check-app';
import { useAppFolder } from '../../support/app-folder';

const folder = useAppFolder();

const check = (source: string): Promise<AppCheck> =>
  checkApp({ appPath: folder.write(source), activities: undefined, cwd: folder.path });

const USERS = `export const Users = datastore('Users', { name: t.String, tags: t.List(t.String) });\n`;

const messages = ({ problems }: AppCheck): string[] => problems.map(({ message }) => message);

test('an app in order has no problems, and is told as it is', async () => {
  const checked = await check(`${USERS}
export const byName = worker('byName', (name: string) => DB.queryCount(Users, (u) => u.name === name));
export const tell = cron('tell', 'Daily', () => emit('Paul', byName));
export const Names = datastore('Names', { name: t.String });
export const names = migration('names', Users, Names, ({ name }) => ({ name }));
`);
  expect(checked).toEqual({
    workers: ['byName'],
    crons: [{ name: 'tell', when: 'Daily' }],
    datastores: [
      { name: 'Names', fields: { name: 'String' }, indexes: [] },
      { name: 'Users', fields: { name: 'String', tags: 'List<String>' }, indexes: ['name'] },
    ],
    migrations: [{ name: 'names', from: 'Users', to: 'Names' }],
    eventCost: { imports: [], bytes: expect.any(Number), ms: expect.any(Number) },
    emitsUnknown: [],
    problems: [],
  });
}, 60_000);

test('all that is wrong is told at once', async () => {
  const checked = await check(`${USERS}
const Hidden = datastore('Hidden', { name: t.String });
export const wrong = worker('wrong', async (event: string) => {
  await DB.query(Users, (u) => u.tags.map((tag) => tag).length > 1);
  await DB.query(Users, (u) => u.nam === 'x');
  await DB.query(Users, (u) => fetch(u.name));
  await DB.get('x', Hidden);
  await emit(1, 'wrogn');
  await emit(1, event);
});
`);
  expect(messages(checked)).toEqual([
    expect.stringContaining('The method "map" cannot be used in a query'),
    expect.stringContaining('"fetch" cannot be called in a query'),
    expect.stringContaining('has no field "nam"'),
    expect.stringContaining('does not export datastore "Hidden"'),
    expect.stringContaining('emits to "wrogn", which the app does not have'),
  ]);
  expect(checked.problems.at(-1)?.remedies).toEqual(['did you mean "wrong"?']);
  expect(checked.emitsUnknown).toEqual([expect.stringMatching(/app\.ts:11:9$/)]);
}, 60_000);

test('an app that cannot be loaded, or bundled, is a problem', async () => {
  const unloadable = await check(`export const a = 1;`);
  expect(unloadable.problems[0]).toMatchObject({ code: 'app_invalid' });
  const unbundled = await check(
    `import { readFileSync } from 'node:fs';\nexport const a = worker('a', async () => readFileSync('x'));`,
  );
  expect(unbundled.problems).toContainEqual(
    expect.objectContaining({
      code: 'bundle_failed',
      message: expect.stringContaining('app.ts imports "node:fs", and handlers run in a sandbox'),
    }),
  );
}, 60_000);

test('activities that cannot be loaded are a problem', async () => {
  folder.write(`throw new Error('no mail today');`, 'activities.ts');
  const { problems } = await check(`export const a = worker('a', async () => {});`);
  expect(problems[0]).toMatchObject({
    code: 'app_invalid',
    message: expect.stringContaining('no mail today'),
  });
  folder.write(`export {};`, 'activities.ts');
}, 60_000);

test('packages that the app brings into the sandbox are weighed', async () => {
  mkdirSync(join(folder.path, 'node_modules', 'heavy'), { recursive: true });
  folder.write(`module.exports = require('./part');`, 'node_modules/heavy/index.js');
  folder.write(
    `module.exports = ${JSON.stringify('x'.repeat(1000))};`,
    'node_modules/heavy/part.js',
  );
  const { eventCost } = await check(
    `import heavy from 'heavy';\nexport const a = worker('a', async () => heavy);`,
  );
  const heavy = { name: 'heavy', bytes: expect.any(Number), ms: expect.any(Number) };
  expect(eventCost?.imports).toEqual([{ ...heavy, importedBy: 'app.ts' }]);
  expect(eventCost?.imports[0]?.bytes).toBeGreaterThan(1000);
  expect(eventCost?.bytes).toBeGreaterThan(eventCost?.imports[0]?.bytes ?? Infinity);
}, 60_000);

test('time that a package takes when it is loaded is its own, and part of what each event costs', async () => {
  for (const name of ['slow', 'light'])
    mkdirSync(join(folder.path, 'node_modules', name), { recursive: true });
  folder.write(
    `require('light');\nlet n = 0;\nfor (let i = 0; i < 20_000_000; i++) n += i % 7;\nmodule.exports = n;`,
    'node_modules/slow/index.js',
  );
  folder.write(`module.exports = 1;`, 'node_modules/light/index.js');
  const { eventCost } = await check(
    `import slow from 'slow';\nexport const a = worker('a', async () => slow);`,
  );
  const { slow = 0, light = 0 } = Object.fromEntries(
    eventCost?.imports.map(({ name, ms }) => [name, ms]) ?? [],
  ) as Record<string, number>;
  expect(slow).toBeGreaterThan(1);
  expect(light).toBeLessThan(slow);
  expect(eventCost?.ms).toBeGreaterThanOrEqual(slow);
}, 60_000);

test('an app that the sandbox cannot evaluate is a problem, though Node can', async () => {
  const { problems, eventCost } = await check(
    `const server = process.pid;\nexport const a = worker('a', async () => server);`,
  );
  expect(problems).toEqual([
    expect.objectContaining({
      code: 'app_invalid',
      message: expect.stringMatching(/evaluated in the sandbox: .*process is not defined$/),
    }),
  ]);
  expect(eventCost).toBeUndefined();
}, 60_000);
