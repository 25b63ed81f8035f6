import { useApp } from '../support/test-app';

const app = useApp('continuing.ts');

test('a handler that continues as new fails, and is told what to do', async () => {
  const event = await app.client.emit(1, 'again');
  await expect(event.result()).rejects.toMatchObject({
    code: 'handler_failed',
    message:
      'A handler cannot continue as new: an attempt of an event is one run; emit another event instead',
  });
  const { attempts } = await app.client.traces.get(event.id);
  expect(attempts).toHaveLength(1);
});
