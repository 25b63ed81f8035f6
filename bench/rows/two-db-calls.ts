import { join } from 'node:path';
import { againstMs, type Contest, medianOf, msOf, perSecond, type Row } from '../row';
import { type Sides, sideBySide } from '../sides';

const EVENTS = 300;
const ONE_BY_ONE = 60;
const IN_FLIGHT = 40;
const TRACE_MS = 300;

const person = (round: number, i: number): { id: string; name: string } => ({
  id: `${round}-${i}`,
  name: `person ${i}`,
});

const row = (
  described: Omit<Row, 'start'>,
  rounds: (sides: Sides) => Pick<Contest, 'ours' | 'reference'>,
): Row => sideBySide(join(__dirname, '..', 'apps', 'write-and-read.ts'), described, rounds);

const handled = ({ ours }: Sides, round: number): Promise<number> =>
  perSecond(EVENTS, IN_FLIGHT, async (i) => {
    const { client } = ours;
    const event = await client.emit(person(round, i), 'writeAndRead', { id: `${round}-${i}` });
    await event.result();
  });

const executed = ({ reference }: Sides, workflow: string, round: number): Promise<number> =>
  perSecond(EVENTS, IN_FLIGHT, (i) =>
    reference.execute(workflow, `${round}-${i}`, person(round, i)),
  );

export const twoDbCalls = row(
  {
    name: 'two-db-calls',
    what: 'event with 2 DB calls, against a workflow with the same 2 local activities',
    unit: 'events/s',
    atLeast: 0.95,
  },
  (sides) => ({
    ours: (round) => handled(sides, round),
    reference: (round) => executed(sides, 'writeAndRead', round),
  }),
);

export const twoActivities = row(
  {
    name: 'two-activities',
    what: 'event with 2 DB calls, against a workflow with 2 activities that Temporal schedules',
    unit: 'events/s',
    atLeast: 1.4,
  },
  (sides) => ({
    ours: (round) => handled(sides, round),
    reference: (round) => executed(sides, 'writeAndReadScheduled', round),
  }),
);

/** As a rate. */
const oneByOne = async (msOfOne: (i: number) => Promise<number>): Promise<number> =>
  1000 / (await medianOf(ONE_BY_ONE, msOfOne));

export const latency = row(
  {
    name: 'latency',
    what: 'emit → done of an event with 2 DB calls that a handler emits, one at a time, against a workflow that another starts eagerly',
    unit: '/s',
    atLeast: 1 / 1.1,
  },
  ({ ours, reference }) => ({
    ours: (round) =>
      oneByOne(async (i) => {
        const { id, name } = person(round, i);
        const relayed = await ours.client.emit({ id, name }, 'relay', { id: `${id}-relay` });
        await relayed.result();
        await ours.client.events.get(id).result();
        return reference.ended(id, ours.client.name);
      }),
    reference: (round) =>
      oneByOne(async (i) => {
        const { id, name } = person(round, i);
        await reference.execute('relay', `${id}-relay`, { id, name });
        await reference.result(id);
        return reference.ended(id);
      }),
  }),
);

export const traceShown = row(
  {
    name: 'trace',
    what: `traces.get() of an event with 2 DB calls, against ${TRACE_MS} ms`,
    unit: 'calls/s',
    atLeast: 1,
  },
  ({ ours: { client } }) =>
    againstMs(TRACE_MS, async (round) => {
      const event = await client.emit(person(round, 0), 'writeAndRead');
      await event.result();
      return msOf(() => client.traces.get(event.id));
    }),
);
