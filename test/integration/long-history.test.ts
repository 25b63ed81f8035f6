import type { Logger } from 'nightshift/worker';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';

jest.setTimeout(300_000);
const folder = useAppFolder();
const logged: { message: string; fields: unknown }[] = [];
const logger: Logger = {
  log: (_level, message, fields) => void logged.push({ message, fields }),
};
const app = useApp(
  folder.write(`
  export const Big = datastore('Big', { text: t.String });
  export const many = worker('many', async () => {
    for (let n = 0; n < 10_400; n += 400)
      await Promise.all(Array.from({ length: 400 }, () => DB.get('none', Big)));
    return 'done';
  });
  export const large = worker('large', { retry: { retries: 2 } }, async (_event: unknown, { id }) => {
    for (let n = 0; n < 40; n++) {
      await DB.set({ text: 'x'.repeat(1_900_000) }, id, Big);
      await DB.get(id, Big);
      await sleep('1 ms');
    }
  });
`),
  { logger, retryDelay: 10 },
);

test('a handler with 10,000 entries in its history is warned of, once, by its name', async () => {
  const event = await app.client.emit(null, 'many');
  expect(await event.result()).toBe('done');
  const warnings = logged.filter(({ message }) => message.startsWith('long history'));
  expect(warnings).toHaveLength(1);
  const { handler, events } = warnings[0]?.fields as { handler: string; events: number };
  expect(handler).toBe('many');
  expect(events).toBeGreaterThanOrEqual(10_000);
  expect(events).toBeLessThan(10_400); // with the first step behind the limit, not with the last one
});

test('an event whose history is nearly too large ends with an error that says so, and is not retried', async () => {
  const event = await app.client.emit(null, 'large');
  await expect(event.result()).rejects.toThrow(
    /Handler "large" has taken so many steps .* and Temporal takes 51,200 \(or 50 MB\): let it emit an event/,
  );
  const { status, attempts, errors } = await event.describe();
  expect({ status, attempts }).toEqual({ status: 'error', attempts: 1 });
  expect(errors.at(-1)?.message).toMatch(/^history_too_long: /);
});
