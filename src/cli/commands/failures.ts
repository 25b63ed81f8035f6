import { connect, type FailureGroup } from '../../../client';
import { type CommandDefinition, connectionOptions, textOption } from '../command';
import { configOf } from '../dev-state';
import type { Io } from '../io';
import { renderTable } from '../table';
import { ageText, timeOption } from '../times';

export const failures: CommandDefinition = {
  name: 'failures',
  summary: 'show why events failed: those that failed alike together, most first',
  args: [],
  options: [
    ...connectionOptions,
    { flags: '--since <time>', summary: 'only those that failed since, e.g. "2 hours"' },
    { flags: '--handler <handler>', summary: 'only those of this worker or cron' },
    { flags: '--json', summary: 'print one JSON list, with the ids of the events' },
  ],
  example: `nightshift failures --since '2 hours'`,

  async run(input, io) {
    const since = timeOption(input, 'since');
    const handler = textOption(input, 'handler');
    await using client = await connect(configOf(input, io));
    const list = await client.failures.list({
      ...(since === undefined ? {} : { since }),
      ...(handler === undefined ? {} : { handler }),
    });
    if (input.options['json'] === true) io.out(JSON.stringify(list));
    else if (list.length === 0) io.err('no event failed');
    else io.out(tableOf(list, io));
    return 0;
  },
};

function tableOf(list: readonly FailureGroup[], io: Io): string {
  const rows = list.map(({ handler, message, line = '', count, newest, ids }) => [
    ...[count, handler, `${ageText(newest)} ago`],
    ...[ids[0] ?? '', line, io.colors.red(message.replaceAll(/\s+/g, ' '))],
  ]);
  const columns = ['events', 'handler', 'newest', 'event', 'line', 'error'].map((title, i) =>
    i === 0 ? { title, align: 'right' as const } : { title },
  );
  return renderTable(columns, rows, io);
}
