import { relative } from 'node:path';
import { connect, type NightshiftClient } from '../../../client';
import { formatBetween } from '../../shared/duration';
import { NightshiftError } from '../../shared/errors';
import {
  type CommandDefinition,
  type CommandInput,
  connectionOptions,
  textOption,
} from '../command';
import { configOf } from '../dev-state';
import type { Io } from '../io';
import { saveTrace, TRACES_FOLDER } from '../save-trace';
import { renderTrace } from '../render-trace';
import { renderTable } from '../table';
import { ageText } from '../times';
import { tellIfUnknown } from '../unknown-handler';

const PIPED_WIDTH = 200;

export const trace: CommandDefinition = {
  name: 'trace',
  summary: 'show what an event did, step by step; list a handler’s last events; save one as a test',
  args: [
    { name: 'what', summary: "the event's id, or: list, save" },
    { name: 'name', summary: 'list: the handler; save: the event id', optional: true },
  ],
  options: [
    ...connectionOptions,
    { flags: '--to <folder>', summary: `save: where (default: ${TRACES_FOLDER})` },
    { flags: '--limit <number>', summary: 'list: at most so many (default: 10)' },
    { flags: '--json', summary: 'print one JSON object or list' },
  ],
  example: 'nightshift trace signup-1',

  async run(input, io) {
    const { what = '', name } = input.args;
    const action = { list, save }[what] ?? undefined;
    if (action !== undefined && name === undefined) {
      const example =
        what === 'list' ? 'nightshift trace list onSignup' : 'nightshift trace save signup-1';
      throw new NightshiftError('usage', `"trace ${what}" needs a name, e.g.: ${example}`);
    }
    await using client = await connect(configOf(input, io));
    // Awaited here: the client is closed when this function is left.
    return action === undefined
      ? await show(client, what, input, io)
      : await action(client, name ?? '', input, io);
  },
};

async function show(
  client: NightshiftClient,
  id: string,
  input: CommandInput,
  io: Io,
): Promise<number> {
  const found = await client.traces.get(id);
  if (input.options['json'] === true) io.out(JSON.stringify(found));
  else io.out(renderTrace(found, { ...io, width: process.stdout.columns ?? PIPED_WIDTH }));
  return 0;
}

async function list(
  client: NightshiftClient,
  handler: string,
  input: CommandInput,
  io: Io,
): Promise<number> {
  const limit = limitOf(textOption(input, 'limit'));
  const events = await client.traces.list(handler, limit === undefined ? {} : { limit });
  if (input.options['json'] === true) {
    io.out(JSON.stringify(events));
  } else if (events.length === 0) {
    io.err(`no event of ${handler} has ended yet`);
    await tellIfUnknown(handler, client, io);
  } else {
    const rows = events.map(({ id, status, emittedAt, endedAt }) => [
      status === 'error' ? io.colors.red(status) : status,
      id,
      `${ageText(emittedAt)} ago`,
      endedAt === undefined ? '' : formatBetween(emittedAt, endedAt),
    ]);
    const columns = [
      { title: 'status' },
      { title: 'event' },
      { title: 'emitted' },
      { title: 'took' },
    ];
    io.out(renderTable(columns, rows, io));
  }
  return 0;
}

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new NightshiftError('usage', `--limit must be a number from 1 to 9999, got "${text}"`);
}

async function save(
  client: NightshiftClient,
  id: string,
  input: CommandInput,
  io: Io,
): Promise<number> {
  const file = await saveTrace(client, id, io.cwd, textOption(input, 'to'));
  io.out(relative(io.cwd, file));
  io.err(
    `${io.colors.green(io.symbols.done)} saved; replayTraces of nightshift/testing makes it a test`,
  );
  return 0;
}
