import { useApp } from '../support/test-app';

const app = useApp('mail/app.ts');
const run = async (handler: string, event: unknown): Promise<unknown> =>
  (await app.client.emit(event, handler)).result();

test('the module named activities beside the app is found, and runs in Node', async () => {
  expect(await run('mail', { to: 'paul', failures: 0 })).toBe('paul after 1, from Node');
});

test('a failing activity is tried twice more before the handler sees it', async () => {
  expect(await run('mail', { to: 'eva', failures: 2 })).toBe('eva after 3, from Node');
  await expect(run('mail', { to: 'ada', failures: 9 })).rejects.toMatchObject({
    code: 'handler_failed',
    message: expect.stringContaining('mail server is away (3)') as string,
  });
});

test('how often is an option', async () => {
  await expect(run('mailOnce', { to: 'bob', failures: 1 })).rejects.toThrow(
    'mail server is away (1)',
  );
});

test('one that the app does not have is named, with those that it has', async () => {
  await expect(run('callUnknown', null)).rejects.toMatchObject({
    code: 'handler_failed',
    message: expect.stringMatching(
      /^The app has no activity "neverWritten"; it has: .*sendMail(?!.*::)/,
    ) as string,
  });
});

test('an activity takes and gives what events do', async () => {
  const value = { at: new Date(5), n: 10n, none: undefined, bytes: new Uint8Array([1, 255]) };
  expect(await run('giveBack', value)).toEqual(value);
});

test('a timeout that is none is the failure of the event', async () => {
  await expect(run('badTimeout', null)).rejects.toMatchObject({
    code: 'handler_failed',
    message: expect.stringContaining('Option "startToCloseTimeout" must be milliseconds') as string,
  });
});

test('activities may be given as an object', async () => {
  const sendMail = (to: string): Promise<string> => Promise.resolve(`object for ${to}`);
  await app.worker.shutdown();
  await app.startWorker({ activities: { sendMail } });
  expect(await run('mail', { to: 'paul', failures: 0 })).toBe('object for paul');
});
