import { connect } from '../../../client';
import type { Duration } from '../../shared/duration';
import { messageOf, NightshiftError } from '../../shared/errors';
import { checkHandlerName } from '../../shared/names';
import { type CommandDefinition, connectionOptions, textOption } from '../command';
import { configOf } from '../dev-state';
import { tellIfUnknown } from '../unknown-handler';

export const emit: CommandDefinition = {
  name: 'emit',
  summary: 'emit an event',
  args: [
    { name: 'handler', summary: 'the name of the worker that handles it' },
    {
      name: 'json',
      summary: 'the event as JSON; "-" reads it from standard input (default: null)',
      optional: true,
    },
  ],
  options: [
    ...connectionOptions,
    { flags: '--id <id>', summary: 'the id: a repeated one is accepted once (default: a new one)' },
    { flags: '--delay <duration>', summary: 'wait before the handler starts, e.g. "5 minutes"' },
    { flags: '--wait', summary: 'wait for the end and print the value that the handler returns' },
    {
      flags: '--json',
      summary: 'print one JSON object: id, repeated, and with --wait status and value',
    },
  ],
  example: `nightshift emit onSignup '{"id":"1","name":"Paul"}' --wait`,

  async run(input, io) {
    const { handler = '', json = 'null' } = input.args;
    checkHandlerName(handler);
    const event = parseEvent(json === '-' ? await io.stdin() : json);
    await using client = await connect(configOf(input, io));
    const id = textOption(input, 'id');
    const delay = textOption(input, 'delay') as Duration | undefined;
    await tellIfUnknown(handler, client, io); // it is emitted all the same: its handler may come
    const emitted = await client.emit(event, handler, {
      json: true,
      ...(id === undefined ? {} : { id }),
      ...(delay === undefined ? {} : { delay }),
    });
    const asJson = input.options['json'] === true;
    if (input.options['wait'] !== true) {
      if (emitted.repeated) io.err('this id was accepted before: nothing new was started');
      io.out(asJson ? JSON.stringify({ id: emitted.id, repeated: emitted.repeated }) : emitted.id);
      return 0;
    }
    if (!asJson) io.err(io.colors.dim(`event ${emitted.id}`));
    const value = await emitted.result();
    io.out(
      asJson
        ? JSON.stringify({
            id: emitted.id,
            repeated: emitted.repeated,
            status: 'done',
            value: shown(value),
          })
        : printed(value),
    );
    return 0;
  },
};

function parseEvent(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new NightshiftError('usage', `The event is no JSON: ${messageOf(error)}`, {
      remedies: [
        `quote it for the shell, e.g. '{"name":"Paul"}'; a text needs its own quotes: '"Paul"'`,
      ],
    });
  }
}

const printed = (value: unknown): string => JSON.stringify(shown(value), null, 2);

/** What JSON lacks, as text. */
function shown(value: unknown): unknown {
  if (value === undefined) return null;
  return JSON.parse(
    JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? v.toString() : v)),
  );
}
