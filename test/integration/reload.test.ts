import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';

const folder = useAppFolder();
const app = useApp(folder.write(`export const which = worker('which', async () => 'old');`));

const value = async (handler: string): Promise<unknown> =>
  (await app.client.emit(null, handler)).result();

test('serves the code as it is on reload, and its new handlers', async () => {
  expect(await value('which')).toBe('old');
  folder.write(`
    export const which = worker('which', async () => 'new');
    export const added = worker('added', async () => 'added');
  `);
  expect(await value('which')).toBe('old');
  await app.worker.reload();
  expect(app.worker.serves.workers.sort()).toEqual(['added', 'which']);
  expect(await value('which')).toBe('new');
  expect(await value('added')).toBe('added');
});

test('follows what the app imports', async () => {
  folder.write(`export const text = 'first';`, 'part.ts');
  folder.write(
    `import { text } from './part';\nexport const which = worker('which', async () => text);`,
  );
  await app.worker.reload();
  expect(await value('which')).toBe('first');
  expect(app.worker.files).toContain(`${folder.path}/part.ts`);
  folder.write(`export const text = 'second';`, 'part.ts');
  await app.worker.reload();
  expect(await value('which')).toBe('second');
});

test.each<[string, string, string]>([
  ['does not parse', 'export const which = worker(', 'app_invalid'],
  ['exports nothing', '', 'app_invalid'],
  [
    'imports what the sandbox has not',
    `export const which = worker('which', async () => (await import('node:os')).hostname());`,
    'bundle_failed',
  ],
])('code that %s is refused, and the old goes on', async (_what, source, code) => {
  folder.write(`export const which = worker('which', async () => 'good');`);
  await app.worker.reload();
  folder.write(source);
  await expect(app.worker.reload()).rejects.toMatchObject({ name: 'ConfigError', code });
  expect(await value('which')).toBe('good');
});

test('an event that waits runs under the new code', async () => {
  folder.write(`export const waits = worker('waits', async () => 'old');`);
  await app.worker.reload();
  const event = await app.client.emit(null, 'waits', { delay: 8000 });
  folder.write(`export const waits = worker('waits', async () => 'new');`);
  await app.worker.reload();
  expect(await event.result()).toBe('new');
});

test('a handler that is repaired between its attempts succeeds on retry', async () => {
  const retry = `{ retry: { retries: 1, delay: 8000 } }`;
  folder.write(`
    export const broken = worker('broken', ${retry}, async (event) => {
      await sleep(1);
      throw new Error('broken');
    });
  `);
  await app.worker.reload();
  const event = await app.client.emit({ x: 1 }, 'broken');
  await untilIs(async () => (await event.describe()).status, 'new');
  folder.write(`
    export const broken = worker('broken', ${retry}, async (event, info) => ({ event, attempt: info.attempt, id: uuid().length }));
  `);
  await app.worker.reload();
  expect(await event.result()).toEqual({ event: { x: 1 }, attempt: 2, id: 36 });
});

test('a handler that is gone at the retry makes the event missing', async () => {
  folder.write(
    `export const gone = worker('gone', { retry: { delay: 8000 } }, async () => { throw new Error('x'); });`,
  );
  await app.worker.reload();
  const event = await app.client.emit(1, 'gone');
  await untilIs(() => event.status(), 'new');
  folder.write(`export const here = worker('here', async () => 1);`);
  await app.worker.reload();
  await untilIs(() => event.status(), 'missing');
  await until(
    () => app.client.missing.list(),
    (names) => names.some(({ name }) => name === 'gone'),
  );
});
