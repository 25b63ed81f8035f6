import { connect, type ListedEvent, type NightshiftClient } from '../../../client';
import { messageOf, NightshiftError } from '../../shared/errors';
import type { EventStatus } from '../../shared/status';
import {
  type CommandDefinition,
  type CommandInput,
  connectionOptions,
  textOption,
} from '../command';
import { configOf } from '../dev-state';
import type { Io } from '../io';
import { statusText } from '../status-text';
import { renderTable } from '../table';
import { tellIfUnknown } from '../unknown-handler';
import { watch } from '../watch';
import { ageText } from '../times';

const STATUSES: readonly EventStatus[] = ['new', 'scheduled', 'locked', 'done', 'error', 'missing'];
const MAX_LIMIT = 1000;

export const events: CommandDefinition = {
  name: 'events',
  summary: 'list the events of an app: unfinished ones first, then the newest',
  args: [],
  options: [
    ...connectionOptions,
    { flags: '--handler <handler>', summary: 'only those of this worker or cron' },
    { flags: '--status <status>', summary: `only those that are ${STATUSES.join(', ')}` },
    { flags: '--limit <number>', summary: `at most so many, up to ${MAX_LIMIT} (default: 20)` },
    { flags: '--watch', summary: 'show them anew each second, until Ctrl-C' },
    { flags: '--json', summary: 'print one JSON list; with --watch one a line, when it changes' },
  ],
  example: 'nightshift events --status error --limit 5',

  async run(input, io) {
    const filter = filterOf(input);
    await using client = await connect(configOf(input, io));
    const asJson = input.options['json'] === true;
    const text = async (): Promise<string | undefined> => {
      const list = await client.events.list(filter);
      if (asJson) return JSON.stringify(list);
      return list.length === 0 ? undefined : table(list, client, io);
    };
    if (input.options['watch'] === true) {
      return await watch(async () => (await text()) ?? NONE, io);
    }
    const shown = await text();
    if (shown !== undefined) {
      io.out(shown);
      return 0;
    }
    io.err(NONE);
    if (filter.handler !== undefined) await tellIfUnknown(filter.handler, client, io);
    return 0;
  },
};

const NONE = 'no such event';

function filterOf(input: CommandInput): { handler?: string; status?: EventStatus; limit: number } {
  const handler = textOption(input, 'handler');
  const status = textOption(input, 'status');
  const limit = Number(textOption(input, 'limit') ?? 20);
  if (status !== undefined && !STATUSES.includes(status as EventStatus)) {
    throw usage(`There is no status "${status}"`, `it can be ${STATUSES.join(', ')}`);
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw usage(`--limit must be a whole number from 1 to ${MAX_LIMIT}`, 'e.g. --limit 20');
  }
  return {
    limit,
    ...(handler === undefined ? {} : { handler }),
    ...(status === undefined ? {} : { status: status as EventStatus }),
  };
}

const usage = (message: string, remedy: string): NightshiftError =>
  new NightshiftError('usage', message, { remedies: [remedy] });

async function table(
  list: readonly ListedEvent[],
  client: NightshiftClient,
  io: Io,
): Promise<string> {
  const rows = list.map(async ({ id, handler, status, emittedAt }) => [
    statusText(status, io),
    id,
    handler,
    ageText(emittedAt),
    status === 'error' ? await errorOf(client, id) : '',
  ]);
  const columns = [
    { title: 'status' },
    { title: 'event' },
    { title: 'handler' },
    { title: 'age', align: 'right' as const },
    { title: 'error' },
  ];
  return renderTable(columns, await Promise.all(rows), io);
}

/** On one line. */
async function errorOf(client: NightshiftClient, id: string): Promise<string> {
  const why = await client.events
    .get(id)
    .result()
    .then(() => '', messageOf);
  return why.replaceAll(/\s+/g, ' ');
}
