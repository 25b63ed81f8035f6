import { emit, t, worker } from 'nightshift';

export const echo = worker('echo', async (event: unknown) => event);

export const about = worker('about', async (_event: unknown, info) => info);

export const greet = worker('greet', { event: t.Record({ name: t.String }) }, async (event) => {
  return `Hello ${event.name}`;
});

export const relay = worker('relay', async (event: { name: string; id?: string }) => {
  const id = await emit(
    { name: event.name },
    greet,
    event.id === undefined ? {} : { id: event.id },
  );
  const again = await emit({ name: event.name }, 'greet', { id });
  return [id, again];
});

export const relayWrong = worker('relayWrong', { retry: { retries: 0 } }, async () => {
  await emit({ name: 5 } as never, greet);
});

export const relayTaken = worker('relayTaken', { retry: { retries: 0 } }, async (id: string) => {
  await emit(null, 'echo', { id });
});

export const relayByName = worker('relayByName', async () => emit({ name: 5 }, 'greet'));

export const relayLater = worker('relayLater', async (delay: number) =>
  emit({ name: 'later' }, greet, { delay }),
);

export const relayAt = worker('relayAt', async (inMs: number) =>
  emit({ name: 'then' }, greet, { at: new Date(Date.now() + inMs) }),
);

export const relayTooLate = worker('relayTooLate', { retry: { retries: 0 } }, async () =>
  emit({ name: 'never' }, greet, { delay: '200 years' }),
);

export const relayNamed = worker('relayNamed', { retry: { retries: 0 } }, async (name: string) =>
  emit(null, name),
);
