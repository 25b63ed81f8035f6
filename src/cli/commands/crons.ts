import { connect, type CronDescription } from '../../../client';
import { formatBetween } from '../../shared/duration';
import { type CommandDefinition, connectionOptions } from '../command';
import { configOf } from '../dev-state';
import type { Io } from '../io';
import { statusMark } from '../status-text';
import { renderTable } from '../table';
import { ageText } from '../times';

export const crons: CommandDefinition = {
  name: 'crons',
  summary: 'list the crons of an app: when they run, their last runs, who paused them',
  args: [],
  options: [...connectionOptions, { flags: '--json', summary: 'print one JSON list' }],
  example: 'nightshift crons --name shop',

  async run(input, io) {
    await using client = await connect(configOf(input, io));
    const list = await client.crons.list();
    if (input.options['json'] === true) io.out(JSON.stringify(list));
    else if (list.length === 0)
      io.err('the app has no cron, or no worker process has served it yet');
    else io.out(tableOf(list, io));
    return 0;
  },
};

function tableOf(list: readonly CronDescription[], io: Io): string {
  const rows = list.map((cron) => [
    cron.name,
    stateText(cron, io),
    cron.gone === true ? io.colors.dim('not in the app any more') : cron.when,
    cron.next[0] === undefined || cron.state === 'pause' ? '' : `in ${until(cron.next[0])}`,
    cron.runs[0] === undefined ? '' : `${ageText(cron.runs[0].emittedAt)} ago`,
    cron.runs.map(({ status }) => statusMark(status, io)).join(' '),
    pausedText(cron),
  ]);
  const columns = ['cron', 'state', 'when', 'next', 'last', 'runs'].map((title) => ({ title }));
  const anyPaused = list.some(({ state }) => state === 'pause');
  return renderTable(
    anyPaused ? [...columns, { title: 'paused' }] : columns,
    anyPaused ? rows : rows.map((row) => row.slice(0, -1)),
    io,
  );
}

function stateText({ state }: CronDescription, { colors, symbols }: Io): string {
  return state === 'pause'
    ? colors.yellow(`${symbols.pause} pause`)
    : `${colors.green(symbols.run)} run`;
}

/** Since when, by whom and why, on one line. */
export function pausedText({ paused }: Pick<CronDescription, 'paused'>): string {
  if (paused === undefined) return '';
  const at = paused.at === undefined ? [] : [`${ageText(paused.at)} ago`];
  const by = paused.by === undefined ? [] : [`by ${paused.by}`];
  const facts = [...at, ...by].join(' ');
  const reason = paused.reason?.replaceAll(/\s+/g, ' ') ?? '';
  return reason === '' || facts === '' ? facts || reason : `${facts}: ${reason}`;
}

const until = (date: Date): string => formatBetween(new Date(), date);
