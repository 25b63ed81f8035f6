import type { DatastoreInfo, PageOptions, RecordEntry, RecordVersion } from '../../client';
import type { PageDeps } from './page';

const MEMO = 'datastores';
/** Records are counted for it. */
const KEEP_MS = 10_000;
const KEEP_RECORDS_MS = 2000;

/** All datastores as they were some seconds ago at most, whoever asks. */
export const knownDatastores = ({ client, memo }: PageDeps): Promise<readonly DatastoreInfo[]> =>
  memo.read(MEMO, KEEP_MS, () => client.datastores.list());

/** The same of one. @throws {NotFoundError} code `datastore_unknown` */
export async function knownDatastore(deps: PageDeps, name: string): Promise<DatastoreInfo> {
  const known = (await knownDatastores(deps)).find((datastore) => datastore.name === name);
  return known ?? deps.client.datastores.get(name);
}

export const knownPage = (
  { client, memo }: PageDeps,
  name: string,
  options: PageOptions,
): Promise<readonly RecordEntry[]> =>
  memo.read(pageMemo(name, options), KEEP_RECORDS_MS, () => client.datastores.page(name, options));

export const knownRecord = (
  { client, memo }: PageDeps,
  name: string,
  key: string,
): Promise<RecordVersion | undefined> =>
  memo.read(recordMemo(name, key), KEEP_RECORDS_MS, () => client.datastores.record(name, key));

/** For whoever has changed a record. The pages of it that begin elsewhere than at the first key follow by themselves. */
export function forgetRecord({ memo }: PageDeps, name: string, key: string): void {
  for (const entry of [MEMO, recordMemo(name, key), pageMemo(name, {})]) memo.drop(entry);
}

const pageMemo = (name: string, { after, before, by }: PageOptions): string =>
  `${MEMO} ${JSON.stringify([name, { after, before, by }])}`;
const recordMemo = (name: string, key: string): string => `${MEMO} ${JSON.stringify([name, key])}`;
