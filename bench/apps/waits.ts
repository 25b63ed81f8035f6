import { worker } from 'nightshift';

export const waits = worker('waits', (event: unknown) => Promise.resolve(event));
