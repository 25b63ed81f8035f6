// What each entry does. PEERS_EVENTS=50 PEERS_ROUNDS=1 npm run bench:peers tries it out.
export const EVENTS = whole('PEERS_EVENTS', 500);
export const ROUNDS = whole('PEERS_ROUNDS', 3);
export const IN_FLIGHT = 40;
/** Events one at a time. */
export const LATENCIES = Math.ceil(EVENTS / 5);
export const WARM_UP = Math.ceil(EVENTS / 5);
/** How many records the events are about, in turn. */
export const PEOPLE = 100;

function whole(name, otherwise) {
  const value = Number(process.env[name] ?? otherwise);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} must be a whole number from 1`);
}
