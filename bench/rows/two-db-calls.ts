import { join } from 'node:path';
import { startOurs } from '../nightshift';
import { startReference } from '../reference/worker';
import { perSecond, type Row } from '../row';

const EVENTS = 300;
const IN_FLIGHT = 40;

export const twoDbCalls: Row = {
  name: 'two-db-calls',
  what: 'event with 2 DB calls, against a workflow with the same 2 local activities',
  unit: 'events/s',
  atLeast: 0.9,

  async start(context) {
    const ours = await startOurs(
      `bench-ours-${process.pid}`,
      join(__dirname, '..', 'apps', 'write-and-read.ts'),
      context,
    );
    const reference = await startReference(
      `bench-ref-${process.pid}`,
      context.temporal,
      context.mongodb,
    );
    const event = (round: number, i: number): { id: string; name: string } => ({
      id: `${round}-${i}`,
      name: `person ${i}`,
    });
    return {
      ours: (round) =>
        perSecond(EVENTS, IN_FLIGHT, async (i) => {
          const emitted = await ours.client.emit(event(round, i), 'writeAndRead', {
            id: `${round}-${i}`,
          });
          await emitted.result();
        }),
      reference: (round) =>
        perSecond(EVENTS, IN_FLIGHT, (i) =>
          reference.execute('writeAndRead', `${round}-${i}`, event(round, i)),
        ),
      async [Symbol.asyncDispose]() {
        await ours[Symbol.asyncDispose]();
        await reference[Symbol.asyncDispose]();
      },
    };
  },
};
