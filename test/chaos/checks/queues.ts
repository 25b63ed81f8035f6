import type { Check } from './outcome';

/** What the client saw that must not be: events that ran in spite of a rule, a rule that was gone, a write not read. */
export const nothingSeen: Check = ({ journal }) =>
  journal.flatMap(({ lane, problem }) => (problem === undefined ? [] : [`${lane}: ${problem}`]));

/** With the last rule gone, nobody waits any more. */
export const allReleased: Check = async ({ client, db }) => {
  const held = await db.collection('nightshift.held').find({}).toArray();
  const standings = await client.queues.standings();
  return [
    ...held.map(({ _id, handler }) => `${String(_id)} of "${String(handler)}" is still held`),
    ...standings
      .filter(({ state }) => state !== 'run')
      .map(({ name, state }) => `queue "${name}": ${state}, though the last rule was taken off`),
  ];
};
