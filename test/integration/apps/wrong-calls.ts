import * as nightshift from 'nightshift';
import { datastore, DB, Password, t, worker } from 'nightshift';

export const Users = datastore('Users', {
  name: t.String,
  tags: t.List(t.String),
  home: t.optional(t.Record({ zip: t.Int })),
});

const user = { name: 'Paul', tags: [] };
const circle: unknown[] = [];
circle.push(circle);
class Home {
  zip = 1;
}

type Call = () => unknown;
/** As JavaScript has it: nobody looks at types. */
type Loose = Record<string, (...args: unknown[]) => Promise<unknown> & AsyncIterator<unknown>>;

/** What TypeScript would refuse, by the name that the test has for it. */
export const wrongCalls = (on: typeof DB): Readonly<Record<string, Call>> => {
  const db = on as unknown as Loose;
  const set = (more: object): Promise<unknown> => db['set']!({ ...user, ...more }, 'paul', Users);
  return {
    'no store': () => db['get']!('paul'),
    'a name': () => db['get']!('paul', 'Users'),
    'another order': () => db['get']!(Users, 'paul'),
    'set without store': () => db['set']!(user, 'paul'),
    'count without store': () => db['count']!(),
    'schema without store': () => db['schema']!(),
    'scan without store': () => db['scan']!().next(),
    'update without function': () => db['update']!('paul', Users),
    'exact fields null': () => db['queryExactFields']!(null, Users),
    'exact fields list': () => db['queryOneWithExactFields']!([], Users),
    'key and value swapped': () => db['set']!('paul', user, Users),
    'a key that is none': () => db['getMany']!(['paul', () => 1], Users),
    function: () => set({ name: () => 'x' }),
    Set: () => set({ tags: new Set() }),
    class: () => set({ home: new Home() }),
    circle: () => set({ tags: circle }),
    hole: () => set({ tags: Array.from({ length: 2 }) }),
    symbol: () => db['update']!('paul', Users, () => ({ ...user, name: Symbol('x') })),
  };
};

const { DB: hidden } = { DB };
const f: unknown = () => 'x';

const queries: Readonly<Record<string, Call>> = {
  'function captured': () => DB.query(Users, (u) => u.name === f),
  'circle captured': () => DB.query(Users, (u) => circle.includes(u.name)),
  'instance captured': () => DB.query(Users, (u) => u.name === (wrongHome as unknown)),
  'half a pair captured': () => DB.query(Users, (u) => u.name === half),
  'not compiled': () => hidden.query(Users, (u) => u.name === 'x'),
  'function in exact fields': () => DB.queryExactFields({ name: f as string }, Users),
  'hash of no text': () => Password.hash(5 as unknown as string),
  'check of no password': () => Password.check('x' as never, 'x'),
  'check of no text': async () => Password.check(await Password.hash('x'), 5 as never),
};
const wrongHome = new Home();
const half = '\ud800';

async function outcomes(calls: Readonly<Record<string, Call>>): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, call] of Object.entries(calls)) {
    try {
      found[name] = `no error, but ${JSON.stringify(await call())}`;
    } catch (error) {
      const { code, type, message } = error as { code?: string; type?: string; message: string };
      found[name] = `${code ?? type ?? (error as Error).name}: ${message}`;
    }
  }
  return found;
}

export const call = worker('call', async () => {
  await DB.set(user, 'paul', Users);
  return outcomes({ ...wrongCalls(DB), ...queries });
});

/** Every way to name it. */
const { DB: taken } = nightshift;
// eslint-disable-next-line @typescript-eslint/unbound-method -- the functions of DB need no `this`
const { query } = DB;
export const named = worker('named', async () => {
  await DB.set(user, 'paul', Users);
  const found = [
    await nightshift.DB.query(Users, (u) => u.name === 'Paul'),
    await taken.query(Users, (u) => u.name === 'Paul'),
    await query(Users, (u) => u.name === 'Paul'),
    await DB['query'](Users, (u) => u.name === 'Paul'),
  ];
  return found.map(({ length }) => length);
});
