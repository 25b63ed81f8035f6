import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleApp } from '../../src/app/bundle-app';
import type { Row } from '../row';

const LAMBDAS = 100;
const ALLOWED_SECONDS = 1;

const HEAD = `import { datastore, DB, t, worker } from 'nightshift';
export const Users = datastore('Users', { name: t.String, age: t.Int, tags: t.List(t.String) });
`;
const handler = (n: number, call: string): string =>
  `export const w${n} = worker('w${n}', async (event: { min: number }) => ${call});\n`;
const query = (n: number): string =>
  `DB.query(Users, (u) => u.age > event.min + ${n} && (u.name.startsWith('n${n}') || u.tags.some((tag) => tag.length > ${n})))`;

/** How long it takes from the app's source to what the worker process runs. */
export const bundleWithQueries: Row = {
  name: 'bundle',
  what: `Bundling an app with ${LAMBDAS} lambdas, against the same without, plus ${ALLOWED_SECONDS} s`,
  unit: 'apps/s',
  atLeast: 1,

  start() {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
    const write = (name: string, call: (n: number) => string): string => {
      const path = join(folder, name);
      const handlers = Array.from({ length: LAMBDAS }, (_, n) => handler(n, call(n)));
      writeFileSync(path, HEAD + handlers.join(''));
      return path;
    };
    const withQueries = write('with.ts', query);
    const without = write('without.ts', () => 'DB.getAll(Users)');
    const secondsOf = async (path: string): Promise<number> => {
      const started = performance.now();
      await bundleApp(path);
      return (performance.now() - started) / 1000;
    };
    return Promise.resolve({
      ours: async () => 1 / (await secondsOf(withQueries)),
      reference: async () => 1 / ((await secondsOf(without)) + ALLOWED_SECONDS),
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    });
  },
};
