import { createGate } from '../../src/queues/gate';
import { createHeld, type Held } from '../../src/queues/held';
import { createRules, type Rules } from '../../src/queues/rules';
import { useApp } from '../support/test-app';

const app = useApp();
const now = (): Date => new Date();
const event = (id: string) => ({
  ...{ handler: 'mail', id, runId: `run of ${id}` },
  emittedAt: new Date(1_000),
});

let rules: Rules;
let held: Held;
beforeEach(async () => {
  rules = createRules(app.db, now);
  held = createHeld(app.db, now);
  for (const { name } of await rules.list()) {
    await rules.lift(name, 'pause', {});
    await rules.lift(name, 'block', {});
  }
});

/** What an operator does between two steps of the gate, each time that it gets there. */
const before = <A extends unknown[], R>(
  step: (...args: A) => Promise<R>,
  happens: () => Promise<unknown>,
): ((...args: A) => Promise<R>) => {
  return async (...args) => {
    await happens();
    return step(...args);
  };
};
const nth = (n: number, happens: () => Promise<unknown>): (() => Promise<unknown>) => {
  let calls = 0;
  return async () => (++calls === n ? happens() : undefined);
};

const ids = async (): Promise<string[]> => (await held.oldest('mail', 10)).map(({ id }) => id);
const resume = (): Promise<boolean> => rules.lift('mail', 'pause', {});

test('an event runs, at the cost of one read', async () => {
  let reads = 0;
  const readGate = before(
    (...args: Parameters<Rules['readGate']>) => rules.readGate(...args),
    async () => reads++,
  );
  const gate = createGate({ ...rules, readGate }, held);
  expect(await gate(event('a'))).toEqual({ flags: [] });
  expect(reads).toBe(1);
  expect(await ids()).toEqual([]);
});

test('a resume after the gate has read the rules, and before it stores the event, is not missed', async () => {
  await rules.set('mail', 'pause', {});
  let seen: string[] = ['not looked'];
  const store = before(
    (...args: Parameters<Held['store']>) => held.store(...args),
    async () => {
      await resume();
      seen = await ids();
    },
  );
  expect(await createGate(rules, { ...held, store })(event('b'))).toEqual({ flags: [] });
  expect(seen).toEqual([]); // whoever took the rule off could not know of the event
  expect(await ids()).toEqual([]);
});

test('a resume after the event is stored finds it, whatever the gate answers', async () => {
  await rules.set('mail', 'pause', {});
  let seen: string[] = [];
  const readGate = before(
    (...args: Parameters<Rules['readGate']>) => rules.readGate(...args),
    nth(2, async () => {
      await resume();
      seen = await ids();
    }),
  );
  expect(await createGate({ ...rules, readGate }, held)(event('c'))).toEqual({ flags: [] });
  expect(seen).toEqual(['c']);
  expect(await ids()).toEqual([]);
});

test('a pause between resume and the second read holds the event', async () => {
  await rules.set('mail', 'pause', {});
  const store = before(
    (...args: Parameters<Held['store']>) => held.store(...args),
    async () => {
      await resume();
      await rules.set('mail', 'pause', {});
    },
  );
  const { token } = await createGate(rules, { ...held, store })(event('d'));
  expect(token).toEqual(expect.any(String));
  expect(await ids()).toEqual(['d']);
});

test('where the last event was held, the next is stored first, and runs nevertheless if the rule is gone', async () => {
  await rules.set('mail', 'pause', {});
  let reads = 0;
  const readGate = before(
    (...args: Parameters<Rules['readGate']>) => rules.readGate(...args),
    async () => reads++,
  );
  const gate = createGate({ ...rules, readGate }, held);
  await gate(event('i'));
  expect(reads).toBe(2);
  await gate(event('j'));
  expect(reads).toBe(3);
  expect(await ids()).toEqual(expect.arrayContaining(['i', 'j']));
  await gate({ ...event('i'), waited: {} }); // whoever let it go takes it off the list, so it must not be put there first
  expect(reads).toBe(5);
  await resume();
  expect(await gate(event('k'))).toEqual({ flags: [] });
  expect(reads).toBe(6);
  expect(await gate(event('l'))).toEqual({ flags: [] });
  expect(reads).toBe(7);
  expect(await ids()).not.toContain('k');
});

test('many at once are held and let run at the cost of a few queries', async () => {
  const many = Array.from({ length: 200 }, (_, i) => event(`m${i}`));
  await rules.set('mail', 'pause', {});
  const gate = createGate(rules, held);
  const answers = await Promise.all(many.map(gate));
  expect(answers.every(({ token }) => token !== undefined)).toBe(true);
  expect(new Set(answers.map(({ token }) => token)).size).toBe(200);
  expect(await held.count('mail')).toBeGreaterThanOrEqual(200);
  await resume();
  const again = many.map((each, i) =>
    gate({ ...each, waited: { token: answers[i]?.token ?? '' } }),
  );
  expect((await Promise.all(again)).every(({ token }) => token === undefined)).toBe(true);
  expect(await ids()).not.toContain('m0');
});

test('an event that is held anew while it is let go stays on the list', async () => {
  await rules.set('mail', 'pause', {});
  const gate = createGate(rules, held);
  const { token } = await gate(event('e'));
  const seen = await held.oldest('mail', 10);
  const again = await gate({ ...event('e'), waited: token === undefined ? {} : { token } });
  expect(again.token).not.toBe(token);
  await held.removeAll(seen); // as whoever lets events go does after the signal
  expect(await ids()).toContain('e');
  const since = seen.find(({ id }) => id === 'e')?.since;
  expect((await held.get('e'))?.since).toEqual(since); // it has been waiting all the time
});

test('a late answer of a lost task does not take the event of its successor off the list', async () => {
  await rules.set('mail', 'pause', {});
  const gate = createGate(rules, held);
  const first = await gate(event('f'));
  await resume();
  const remove = before(
    (...args: Parameters<Held['remove']>) => held.remove(...args),
    async () => {
      await rules.set('mail', 'pause', {});
      await gate({ ...event('f'), waited: { token: first.token ?? '' } }); // the task's second execution
    },
  );
  await createGate(rules, { ...held, remove })({
    ...event('f'),
    waited: { token: first.token ?? '' },
  });
  expect(await ids()).toContain('f');
});

test('flags and rules come in one answer', async () => {
  await app.client.flags.set('on', true);
  await app.client.flags.set('off', false);
  await rules.set('*', 'block', { reason: 'r' });
  await rules.set('mail', 'pause', { by: 'b' });
  const { rules: standing, flags } = await rules.readGate('mail');
  expect(flags).toEqual(['on']);
  expect(standing.map(({ kind, on }) => [kind, on]).sort()).toEqual([
    ['block', '*'],
    ['pause', 'mail'],
  ]);
});

test('a rule that was set since stays when an older one is taken off', async () => {
  await rules.set('mail', 'pause', { reason: 'first' });
  const { revision } = await rules.get('mail');
  await rules.set('mail', 'pause', { reason: 'second' });
  expect(await rules.lift('mail', 'pause', {}, revision)).toBe(false);
  expect((await rules.get('mail')).rules).toMatchObject([{ reason: 'second' }]);
});

test('a canary lets one run through the pause, but not through a block', async () => {
  await rules.set('mail', 'pause', {});
  const { revision } = await rules.get('mail');
  const change = { action: 'canary', at: now() } as const;
  expect(await rules.letThrough('mail', ['run of g'], revision, change)).toBe(true);
  expect((await rules.readGate('mail', 'run of g')).rules).toEqual([]);
  expect((await rules.readGate('mail', 'run of h')).rules).toHaveLength(1);
  await rules.set('*', 'block', {});
  expect((await rules.readGate('mail', 'run of g')).rules).toMatchObject([{ kind: 'block' }]);
  await rules.set('mail', 'pause', {});
  await rules.lift('*', 'block', {});
  expect((await rules.readGate('mail', 'run of g')).rules).toHaveLength(1); // paused anew
});
