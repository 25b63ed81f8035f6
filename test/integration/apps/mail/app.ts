import { activities, worker } from 'nightshift';
import type * as mailActivities from './activities';

const once = { retry: { retries: 0 } };

export const mail = worker('mail', once, async (event: { to: string; failures: number }) => {
  const { sendMail } = activities<typeof mailActivities>({ startToCloseTimeout: '30s' });
  return sendMail(event.to, event.failures);
});

export const mailOnce = worker(
  'mailOnce',
  once,
  async (event: { to: string; failures: number }) => {
    const { sendMail } = activities<typeof mailActivities>({
      startToCloseTimeout: '30s',
      retries: 0,
    });
    return sendMail(event.to, event.failures);
  },
);

export const giveBack = worker('giveBack', once, async (event: unknown) => {
  const own = activities<typeof mailActivities>({ startToCloseTimeout: 5000 });
  return own.giveBack(event);
});

export const badTimeout = worker('badTimeout', once, async () => {
  activities({ startToCloseTimeout: 'soon' as never });
});

const unknown = activities<{ neverWritten(): Promise<void> }>({
  startToCloseTimeout: '5s',
  retries: 0,
});
export const callUnknown = worker('callUnknown', { retry: { retries: 0 } }, () =>
  unknown.neverWritten(),
);
