import type { NightshiftClient } from '../../client';
import type { DatastoreDefinition } from '../definitions/datastore';
import type { Fields } from '../definitions/types';
import { NightshiftError } from '../shared/errors';

/** Asks the person at the REPL; false for no. */
export type Ask = (question: string) => Promise<boolean>;

/** The client, but what cannot be undone is asked for first: it says how much would be gone. */
export function askFirst(client: NightshiftClient, ask: Ask): NightshiftClient {
  const sure = async (question: string, what: string): Promise<void> => {
    if (!(await ask(question))) throw new NightshiftError('cancelled', `${what} was not done`);
  };
  const DB = {
    ...client.DB,
    async deleteAll<F extends Fields>(ds: DatastoreDefinition<F>): Promise<void> {
      const records = counted(await client.DB.count(ds), 'record');
      await sure(`Delete ${records} of ${ds.name}?`, `DB.deleteAll(${ds.name})`);
      await client.DB.deleteAll(ds);
    },
  };
  const missing = {
    ...client.missing,
    async forget(name: string): Promise<void> {
      const { count } = await client.missing.get(name);
      const question = `Take "${name}", with ${counted(count, 'event')}, off the 404 list?`;
      await sure(question, `missing.forget("${name}")`);
      await client.missing.forget(name);
    },
  };
  return { ...client, DB, missing };
}

/** For a REPL that nobody sits at. */
export const refuseToAsk: Ask = (question) =>
  Promise.reject(
    new NightshiftError('usage', `Nobody is there to be asked: ${question}`, {
      remedies: ['start with --yes to have every such question answered with yes'],
    }),
  );

const counted = (n: number, what: string): string =>
  n === 1 ? `1 ${what}` : `${n === 0 ? 'no' : n.toLocaleString('en')} ${what}s`;
