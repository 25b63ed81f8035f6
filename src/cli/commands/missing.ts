import { connect, type MissingName } from '../../../client';
import { NightshiftError } from '../../shared/errors';
import { toTagged } from '../../shared/value-json';
import { type CommandDefinition, connectionOptions } from '../command';
import { configOf } from '../dev-state';
import type { Io } from '../io';
import { renderTable } from '../table';
import { ageText } from '../times';

export const missing: CommandDefinition = {
  name: 'missing',
  summary: 'show the 404 list: names that events were emitted to and that no handler has',
  args: [{ name: 'handler', summary: 'one of the names: shows its newest events', optional: true }],
  options: [
    ...connectionOptions,
    { flags: '--stub', summary: 'print the source of a worker for it, typed by what came' },
    { flags: '--forget', summary: 'take it off the list, until the next event to it' },
    { flags: '--json', summary: 'print JSON: the list, or the one that was named' },
  ],
  example: 'nightshift missing github.star --stub >> app.ts',

  async run(input, io) {
    const { handler } = input.args;
    const [stub, forget] = [input.options['stub'] === true, input.options['forget'] === true];
    if (handler === undefined && (stub || forget)) {
      throw new NightshiftError(
        'usage',
        `${stub ? '--stub' : '--forget'} needs the name of a handler`,
      );
    }
    await using client = await connect(configOf(input, io));
    const asJson = input.options['json'] === true;
    if (handler === undefined) {
      const list = await client.missing.list();
      if (asJson) io.out(toJson(list));
      else if (list.length === 0) io.err('every event has a handler');
      else io.out(tableOf(list, io));
    } else if (stub) {
      const source = await client.missing.stub(handler);
      io.out(asJson ? JSON.stringify({ name: handler, source }) : source.trimEnd());
    } else if (forget) {
      await client.missing.forget(handler);
      io.err(`${io.colors.green(io.symbols.done)} ${handler} is off the list`);
    } else {
      const one = await client.missing.get(handler);
      if (asJson) io.out(toJson(one));
      else showOne(one, io);
    }
    return 0;
  },
};

/** What JSON lacks is tagged, as in Temporal's payloads. */
function toJson(shown: MissingName | readonly MissingName[]): string {
  const plain = ({ events, ...rest }: MissingName): object => ({
    ...rest,
    events: events.map(({ id, event }) => ({ id, event: toTagged(event) ?? null })),
  });
  return JSON.stringify('name' in shown ? plain(shown) : shown.map(plain));
}

const payload = (event: unknown): string => JSON.stringify(toTagged(event));

function tableOf(list: readonly MissingName[], io: Io): string {
  const rows = list.map(({ name, count, firstSeen, lastSeen, events }) => [
    name,
    count,
    ageText(firstSeen),
    ageText(lastSeen),
    payload(events.at(-1)?.event),
  ]);
  const right = 'right' as const;
  return renderTable(
    [
      { title: 'missing handler' },
      { title: 'events', align: right },
      { title: 'first', align: right },
      { title: 'last', align: right },
      { title: 'newest event' },
    ],
    rows,
    io,
  );
}

function showOne({ name, count, firstSeen, lastSeen, events }: MissingName, io: Io): void {
  const { bold, dim } = io.colors;
  const times = `first ${ageText(firstSeen)} ago, last ${ageText(lastSeen)} ago`;
  io.out(
    `${bold(name)}  ${count.toLocaleString('en')} ${count === 1 ? 'event' : 'events'}, ${times}`,
  );
  const rows = [...events].reverse().map(({ id, event }) => [id, payload(event)]);
  io.out(renderTable([{ title: 'event' }, { title: 'value' }], rows, io));
  io.err(dim(`a worker for it: nightshift missing ${name} --stub`));
}
