import { type Ours, startOurs } from './nightshift';
import { type Reference, startReference } from './reference/worker';
import type { BenchContext, Contest, Row } from './row';

/** An app of ours, and hand-written workflows that do the same. */
export interface Sides {
  readonly ours: Ours;
  readonly reference: Reference;
}

type Rounds = Pick<Contest, 'ours' | 'reference'>;

/** A row with both sides in this process, on the same servers. */
export function sideBySide(
  app: string,
  described: Omit<Row, 'start'>,
  rounds: (sides: Sides) => Rounds,
): Row {
  const start = async (context: BenchContext): Promise<Contest> => {
    const name = `bench-${described.name}-${process.pid}`;
    const ours = await startOurs(name, app, context);
    const reference = await startReference(`${name}-ref`, context.temporal, context.mongodb);
    return {
      ...rounds({ ours, reference }),
      async [Symbol.asyncDispose]() {
        await ours[Symbol.asyncDispose]();
        await reference[Symbol.asyncDispose]();
      },
    };
  };
  return { ...described, start };
}
