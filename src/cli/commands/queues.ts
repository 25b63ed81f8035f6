import { setTimeout as wait } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { connect, type NightshiftClient, type Queue, type Rule } from '../../../client';
import { NightshiftError } from '../../shared/errors';
import { ALL_QUEUES } from '../../shared/rules';
import { type CommandDefinition, connectionOptions } from '../command';
import { configOf } from '../dev-state';
import type { Io } from '../io';
import { type Column, renderTable } from '../table';
import { ageText } from '../times';

const EVERY_MS = 1_000;

export const queues: CommandDefinition = {
  name: 'queues',
  summary: "list the app's queues: what waits, runs and failed, and which rules stand",
  args: [],
  options: [
    ...connectionOptions,
    { flags: '--watch', summary: 'show it again each second, until Ctrl-C' },
    { flags: '--json', summary: 'print one JSON list; with --watch one a line' },
  ],
  example: 'nightshift queues --watch',

  async run(input, io) {
    await using client = await connect(configOf(input, io));
    const asJson = input.options['json'] === true;
    if (input.options['watch'] !== true) {
      show(await client.queues.list(), asJson, io);
      return 0;
    }
    await watch(client, asJson, io);
    return 0;
  },
};

async function watch(client: NightshiftClient, asJson: boolean, io: Io): Promise<void> {
  let lines = 0;
  while (!io.signal.aborted) {
    const list = await client.queues.list();
    // In place: whatever stands above on the terminal stays.
    const inPlace = lines > 0 && io.columns !== undefined && !asJson;
    lines = show(list, asJson, io, inPlace ? `\u001b[${lines}A\u001b[0J` : '');
    await wait(EVERY_MS, undefined, { signal: io.signal }).catch(() => {});
  }
}

const COLUMNS: readonly Column[] = [
  { title: 'handler' },
  { title: 'state' },
  { title: 'waiting', align: 'right' },
  { title: 'running', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'missing', align: 'right' },
  { title: 'held', align: 'right' },
  { title: 'oldest', align: 'right' },
  { title: 'why' },
];

/** Gives how many lines it wrote. */
function show(list: readonly Queue[], asJson: boolean, io: Io, before = ''): number {
  if (asJson) {
    io.out(JSON.stringify(list));
    return 1;
  }
  if (list.length === 0) {
    io.err('no worker process ever served this app; start one with: nightshift dev <app>');
    return 0;
  }
  const rows = list.map((queue) => row(queue, io));
  const room = roomForWhy(rows, io);
  const text = renderTable(
    COLUMNS,
    rows.map((cells) => [...cells.slice(0, -1), cut(String(cells.at(-1)), room)]),
    io,
  );
  io.out(before + text);
  return text.split('\n').length;
}

/** What the other columns leave of the terminal's width. */
function roomForWhy(rows: readonly (readonly (string | number)[])[], io: Io): number {
  if (io.columns === undefined) return Infinity;
  const others = renderTable(
    COLUMNS.slice(0, -1),
    rows.map((cells) => cells.slice(0, -1)),
    io,
  );
  const widths = others.split('\n').map((line) => stripVTControlCharacters(line).length);
  return Math.max(10, io.columns - Math.max(...widths) - 2);
}

const cut = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, room - 1)}…`;

function row(
  { name, kind, state, counts, held, oldest, rules, stuck }: Queue,
  io: Io,
): (string | number)[] {
  const { colors, symbols } = io;
  const paint = { run: (text: string) => text, pause: colors.yellow, block: colors.red }[state];
  const missing = kind === 'missing' ? 'no handler of this name' : '';
  const stuckText =
    stuck === 0 ? '' : `${stuck} stuck by their code: nightshift events --handler ${name}`;
  return [
    name,
    paint(`${symbols[state]} ${state}`),
    counts.new,
    counts.locked,
    counts.error === 0 ? 0 : colors.red(counts.error.toLocaleString('en')),
    counts.missing,
    held,
    oldest === undefined ? '' : ageText(oldest),
    [...rules.map(whyOf), missing, stuckText].filter((text) => text !== '').join('; '),
  ];
}

/** `all queues: by ops: migration`. */
function whyOf({ on, kind, by, reason }: Rule): string {
  const all = on === ALL_QUEUES ? `all queues ${kind === 'pause' ? 'paused' : 'blocked'}` : '';
  return [all, by, reason].filter((text) => text !== undefined && text !== '').join(': ');
}

export const queue: CommandDefinition = {
  name: 'queue',
  summary: 'show who paused, resumed, blocked and unblocked a queue, and why',
  args: [
    { name: 'what', summary: 'log' },
    { name: 'handler', summary: `the queue's handler; '${ALL_QUEUES}' for rules on all queues` },
  ],
  options: [...connectionOptions, { flags: '--json', summary: 'print one JSON list' }],
  example: 'nightshift queue log sendWelcome',

  async run(input, io) {
    const { what, handler = '' } = input.args;
    if (what !== 'log') {
      throw new NightshiftError('usage', `A queue has a log, got "${what}"`, {
        remedies: ['nightshift queue log <handler>'],
      });
    }
    await using client = await connect(configOf(input, io));
    const changes = await client.queues.log(handler);
    if (input.options['json'] === true) {
      io.out(JSON.stringify(changes));
    } else if (changes.length === 0) {
      io.err(`nobody ever paused or blocked "${handler}"`);
    } else {
      const rows = changes.map(({ at, action, by = '', reason = '' }) => [
        at.toLocaleString('sv'), // the date first, and sortable
        action,
        by,
        reason,
      ]);
      io.out(
        renderTable(
          [{ title: 'when' }, { title: 'what' }, { title: 'by' }, { title: 'why' }],
          rows,
          io,
        ),
      );
    }
    return 0;
  },
};
