import { continueAsNew } from '@temporalio/workflow';
import { worker } from 'nightshift';

export const again = worker('again', { retry: { retries: 0 } }, async (n: number) =>
  continueAsNew(n + 1),
);
