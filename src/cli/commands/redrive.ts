import {
  connect,
  type NightshiftClient,
  type RedriveOperation,
  type RedriveOptions,
} from '../../../client';
import { hasCode } from '../../shared/errors';
import { checkHandlerName } from '../../shared/names';
import { checkRate } from '../../shared/rate';
import {
  type CommandDefinition,
  type CommandInput,
  connectionOptions,
  textOption,
} from '../command';
import { configOf } from '../dev-state';
import { follow, pace, tellIfNobodyServes } from '../follow';
import type { Io } from '../io';
import { numberOption } from '../numbers';
import { renderTable } from '../table';
import { timeOption } from '../times';
import { tellIfUnknown } from '../unknown-handler';

export const redrive: CommandDefinition = {
  name: 'redrive',
  summary: 'run events again that ended in error, or that had no handler',
  args: [{ name: 'handler', summary: 'whose events' }],
  options: [
    ...connectionOptions,
    { flags: '--missing', summary: 'those that had no handler, now that there is one' },
    { flags: '--id <id...>', summary: 'only these events' },
    { flags: '--text <text>', summary: 'only those whose error holds this text' },
    {
      flags: '--since <time>',
      summary: 'only those that ended since, e.g. 2026-11-21 or "2 hours"',
    },
    { flags: '--until <time>', summary: 'only those that had ended by then (default: now)' },
    { flags: '--rate <n>', summary: 'so many events a second (default: as fast as it goes)' },
    { flags: '--json', summary: 'print one JSON object: counts, and what was passed over' },
  ],
  example: `nightshift redrive sendWelcome --since '2 hours' --rate 20`,

  async run(input, io) {
    const { handler = '' } = input.args;
    checkHandlerName(handler);
    const options = optionsOf(handler, input);
    await using client = await connect(configOf(input, io));
    if (options.status !== 'missing') await tellIfUnknown(handler, client, io);
    const operation = await started(client, options, io);
    await tellIfNobodyServes(client, io);
    const missing = options.status === 'missing' ? ' --missing' : '';
    const progress = await follow(
      operation,
      {
        title: `Redriving ${handler}`,
        shows: ({ state, redriven, passedOver, total, rate }) => ({
          fraction: total === 0 ? undefined : (redriven + passedOver) / total,
          note:
            state === 'running' ? pace(redriven, total, rate) : `${redriven} of ${total}, ${state}`,
        }),
        again: `nightshift redrive ${handler}${missing}`,
      },
      io,
    );
    if (input.options['json'] === true) {
      io.out(JSON.stringify(progress));
    } else if (progress.total === 0) {
      io.err(`no such event of "${handler}" in ${options.status}`);
    } else {
      const ok = progress.state === 'done';
      const symbol = ok ? io.colors.green(io.symbols.done) : io.colors.red(io.symbols.error);
      const count = `${progress.redriven.toLocaleString('en')} of ${progress.total.toLocaleString('en')}`;
      io.err(`${symbol} ${handler}: ${count} redriven${ok ? '' : `, ${progress.state}`}`);
    }
    if (input.options['json'] !== true && progress.problems.length > 0) {
      io.err(`${progress.passedOver} passed over:`);
      const rows = progress.problems.map(({ id, why }) => [id, why]);
      io.out(renderTable([{ title: 'event' }, { title: 'why' }], rows, io));
    }
    return progress.state === 'done' && progress.passedOver === 0 ? 0 : 1;
  },
};

/** One that runs already is shown: its command may have been interrupted. */
async function started(
  client: NightshiftClient,
  options: RedriveOptions & { handler: string },
  io: Io,
): Promise<RedriveOperation> {
  const { handler, status, rate } = options;
  try {
    const { ids, since, until } = options;
    if (status === 'missing' && [ids, since, until].every((option) => option === undefined))
      return await client.missing.redrive(handler, rate === undefined ? {} : { rate });
    return await client.events.redrive(options);
  } catch (error) {
    if (!hasCode(error, 'redrive_running')) throw error;
    io.err('one runs already: nothing new was started');
    return client.events.redriving(handler, status);
  }
}

function optionsOf(handler: string, input: CommandInput): RedriveOptions & { handler: string } {
  const ids = input.options['id'] as unknown as string[] | undefined;
  const [since, until] = [timeOption(input, 'since'), timeOption(input, 'until')];
  const text = textOption(input, 'text');
  const rate = numberOption(input, 'rate');
  checkRate(rate);
  return {
    handler,
    status: input.options['missing'] === true ? 'missing' : 'error',
    ...(ids === undefined ? {} : { ids }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(text === undefined ? {} : { text }),
    ...(rate === undefined ? {} : { rate }),
  };
}
