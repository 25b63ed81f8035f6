import { proxyActivities } from '@temporalio/workflow';
import { worker } from 'nightshift';

const { size } = proxyActivities<{ size: (text: string) => Promise<number> }>({
  startToCloseTimeout: '60s',
});

export const passesRaw = worker('passesRaw', async (n: number) => {
  await Promise.all(Array.from({ length: n }, () => size('x'.repeat(1_900_000))));
});
