import { Counters } from './apps/counters';
import { useApp } from '../support/test-app';

const app = useApp('counters.ts');
const increment = (key: string): Promise<unknown> =>
  app.client.emit(key, 'increment').then((event) => event.result());

test('update loses no change, however many handlers and clients change one record at once', async () => {
  await app.client.DB.set({ n: 0 }, 'shared', Counters);
  const byClient = (): Promise<unknown> =>
    app.client.DB.update('shared', Counters, ({ n }) => ({ n: n + 1 }));
  await Promise.all(
    Array.from({ length: 15 }, (_, i) => (i % 3 === 0 ? byClient() : increment('shared'))),
  );
  expect(await app.client.DB.get('shared', Counters)).toEqual({ n: 15 });
});

test('update of a record that does not exist is refused with its key', async () => {
  await expect(app.client.DB.update('none', Counters, (record) => record)).rejects.toMatchObject({
    code: 'record_not_found',
    message: 'Datastore "Counters" has no record "none" to update',
  });
});

test('update checks what the function gives', async () => {
  await app.client.DB.set({ n: 1 }, 'checked', Counters);
  await expect(
    app.client.DB.update('checked', Counters, () => ({ n: 'x' as never })),
  ).rejects.toMatchObject({
    code: 'record_invalid',
    message: 'Expected Int for Counters.n, got String',
  });
  expect(await app.client.DB.get('checked', Counters)).toEqual({ n: 1 });
});

test('scan gives every record once, in key order, in pages of any size', async () => {
  await app.client.DB.deleteAll(Counters);
  const keys = Array.from({ length: 57 }, (_, i) => `k${String(i).padStart(2, '0')}`);
  await Promise.all(keys.map((key, n) => app.client.DB.set({ n }, key, Counters)));
  for (const pageSize of [1, 10, 57, 1000]) {
    const seen: [string, { n: number }][] = [];
    for await (const entry of app.client.DB.scan(Counters, { pageSize })) seen.push(entry);
    expect(seen).toEqual(keys.map((key, n) => [key, { n }]));
  }
  expect(await (await app.client.emit(10, 'scanAll')).result()).toEqual(keys);
});

test('scan refuses a page size that is none', async () => {
  const scan = app.client.DB.scan(Counters, { pageSize: 0 })[Symbol.asyncIterator]();
  await expect(scan.next()).rejects.toThrow('must be a whole number of 1 or more');
});
