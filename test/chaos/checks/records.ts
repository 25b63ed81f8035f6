import { COPIED, KEYS } from '../client/records';
import {
  acknowledged,
  type Check,
  differences,
  type Outcome,
  recordsOf,
  runsOf,
  type StoredRecord,
} from './outcome';

/** Each event that is done has written its record, in each attempt at most once. */
export const eachEventWrote: Check = (outcome) => {
  const orders = acknowledged(outcome, 'orders', /^order-(\d+)$/);
  const expected: Readonly<Record<string, readonly string[]>> = {
    Orders: orders.map((n) => `order-${n}`),
    Bills: orders.map((n) => `bill-${n}`),
    Ships: orders.map((n) => `ship-${n}`),
    Notes: idsOf(outcome, 'note'),
    Mails: acknowledged(outcome, 'mails', /^mail-\d+-\d+$/),
    Cured: acknowledged(outcome, 'redrives', /^doomed-\d+-\d+$/),
    Flakes: acknowledged(outcome, 'others', /^flaky-\d+$/),
    Laters: acknowledged(outcome, 'others', /^later-\d+$/),
    Ticks: idsOf(outcome, 'tick'),
  };
  return Object.entries(expected).flatMap(([datastore, keys]) => {
    const records = recordsOf(outcome, datastore);
    const tooOften = records.filter(({ _id, r }) => r > runsOf(outcome, _id));
    return [
      ...differences(
        datastore,
        records.map(({ _id }) => _id),
        keys,
      ),
      ...tooOften.map(
        ({ _id, r }) =>
          `${datastore} "${_id}" was written ${r} times in ${runsOf(outcome, _id)} attempts`,
      ),
    ];
  });
};

const idsOf = ({ events }: Outcome, handler: string): string[] =>
  [...events.values()].filter((event) => event.handler === handler).map(({ id }) => id);

/** A step that adds, adds once, however often its task was lost: one record for an attempt. So does one that emits. */
export const addedOnce: Check = (outcome) =>
  ['Lines', 'Notes'].flatMap((datastore) => {
    const records = recordsOf(outcome, datastore);
    const added = records.map(({ v }) => attemptOf(String(v['order']), Number(v['attempt'])));
    return [...wrongAttempts(datastore, added, outcome), ...rewritten(datastore, records)];
  });

/** Many that change one record at once lose no change, and an attempt makes none twice. */
export const counted: Check = (outcome) => {
  const counters = recordsOf(outcome, 'Counters').map(({ v }) => v['by'] as string[]);
  return wrongAttempts('Counters', counters.flat(), outcome);
};

const attemptOf = (id: string, attempt: number): string => `${id} attempt ${attempt}`;

/** An attempt that failed has done it once or not at all, the one that succeeded once. */
function wrongAttempts(what: string, found: readonly string[], outcome: Outcome): string[] {
  const there = new Set(found);
  const expected = acknowledged(outcome, 'orders', /^(order-\d+)$/).flatMap((id) => {
    const runs = runsOf(outcome, id);
    const all = Array.from({ length: runs }, (_, i) => attemptOf(id, i + 1));
    return all.filter((one, i) => i + 1 === runs || there.has(one));
  });
  return differences(what, found, expected);
}

const rewritten = (datastore: string, records: readonly StoredRecord[]): string[] =>
  records
    .filter(({ r }) => r !== 1)
    .map(({ _id, r }) => `${datastore} "${_id}" was written ${r} times, not once`);

/** What the client's last acknowledged write of each key said. */
export const nothingLost: Check = (outcome) => {
  const last = new Map<string, number>();
  for (const version of acknowledged(outcome, 'records', /^version-(\d+)$/).map(Number))
    last.set(`key-${version % KEYS}`, version);
  const found = new Map(
    recordsOf(outcome, 'Acknowledged').map(({ _id, v }) => [_id, v['version']]),
  );
  return [...last]
    .filter(([key, version]) => found.get(key) !== version)
    .map(
      ([key, version]) => `${key}: ${version} was acknowledged, ${String(found.get(key))} is there`,
    );
};

/** A migration that has ended has copied each record once. */
export const copied: Check = (outcome) =>
  acknowledged(outcome, 'copies', /^result copy(\d)$/).flatMap((i) => {
    const copies = recordsOf(outcome, `New${i}`);
    const numbers = Array.from({ length: COPIED }, (_, n) => String(n));
    return [
      ...differences(
        `New${i}`,
        copies.map(({ _id }) => _id),
        numbers,
      ),
      ...copies
        .filter(({ _id, v }) => String(v['n']) !== _id || v['twice'] !== 2 * Number(_id))
        .map(({ _id, v }) => `New${i} "${_id}" is ${JSON.stringify(v)}`),
      ...rewritten(`New${i}`, copies),
    ];
  });
