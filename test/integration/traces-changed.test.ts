import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';

jest.setTimeout(60_000); // each reload bundles the app anew
const folder = useAppFolder();
const HEAD = `export const Notes = datastore('Notes', { text: t.String });\n`;
const writing = (body: string): string =>
  folder.write(`${HEAD}export const w = worker('w', async (key) => { ${body} });`);
const app = useApp(writing(`await DB.set({ text: 'a' }, key, Notes); return 1;`));

async function ended(): Promise<string> {
  const event = await app.client.emit('k', 'w');
  await event.result();
  return event.id;
}

test('a trace of code that has changed since says so, and shows what the history has', async () => {
  const id = await ended();
  writing(`await DB.delete(key, Notes); return 1;`);
  await app.worker.reload();
  const { attempts } = await app.client.traces.get(id);
  expect(attempts[0]).toMatchObject({
    incomplete: expect.stringMatching(/^the code has changed since: .*DB::(set|delete)/) as string,
    steps: [{ name: 'DB::set', summary: 'Notes "k"' }],
    value: 1,
  });
  expect(attempts[0]?.steps[0]).not.toHaveProperty('args');
});

test('a trace of code that loops for ever now is told after a while', async () => {
  writing(`await DB.set({ text: 'a' }, key, Notes); return 1;`);
  await app.worker.reload();
  const id = await ended();
  writing(`for (;;) {}`);
  await app.worker.reload();
  const { attempts } = await app.client.traces.get(id);
  expect(attempts[0]?.incomplete).toContain('endless loop');
  expect(attempts[0]).toMatchObject({ steps: [{ name: 'DB::set' }], value: 1 });
  writing(`return 1;`);
});

test('a trace without a worker process shows what the history has', async () => {
  writing(`await DB.set({ text: 'a' }, key, Notes); return 1;`);
  await app.worker.reload();
  const id = await ended();
  await app.worker.shutdown();
  const { attempts } = await app.client.traces.get(id);
  expect(attempts[0]).toMatchObject({
    incomplete: expect.stringContaining('no worker process of the app answered') as string,
    steps: [{ name: 'DB::set' }],
  });
});
