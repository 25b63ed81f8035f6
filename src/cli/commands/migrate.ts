import { setTimeout as wait } from 'node:timers/promises';
import {
  connect,
  type MigrationHandle,
  type MigrationReport,
  type NightshiftClient,
} from '../../../client';
import { formatBetween } from '../../shared/duration';
import { ConflictError, hasCode } from '../../shared/errors';
import { handledOf, type MigrationProgress } from '../../shared/migration';
import { checkHandlerName } from '../../shared/names';
import { type CommandDefinition, connectionOptions } from '../command';
import { configOf } from '../dev-state';
import type { Io } from '../io';
import { createProgress } from '../progress';
import { renderTable } from '../table';

const EVERY_MS = 250;

export const migrate: CommandDefinition = {
  name: 'migrate',
  summary: "copy a datastore into another, by one of the app's migrations",
  args: [{ name: 'migration', summary: 'the name of the migration' }],
  options: [
    ...connectionOptions,
    { flags: '--dry-run', summary: 'write nothing; list the records that would fail' },
    { flags: '--json', summary: 'print one JSON object: counts and failures' },
  ],
  example: 'nightshift migrate posts-v2 --dry-run',

  async run(input, io) {
    const { migration: name = '' } = input.args;
    checkHandlerName(name, 'A migration name');
    await using client = await connect(configOf(input, io));
    const migration = await started(client, name, input.options['dryRun'] === true, io);
    if ((await client.health()).processes.length === 0)
      io.err('no worker process serves the app: the migration goes on as soon as one does');
    await follow(migration, io);
    const report = await migration.result();
    if (input.options['json'] === true) io.out(JSON.stringify(report));
    else show(report, io);
    return report.failed === 0 ? 0 : 1;
  },
};

/** One that runs already is shown: its command may have been interrupted. */
async function started(
  client: NightshiftClient,
  name: string,
  dryRun: boolean,
  io: Io,
): Promise<MigrationHandle> {
  try {
    return await client.migrations.start(name, { dryRun });
  } catch (error) {
    if (!hasCode(error, 'migration_running')) throw error;
    const migration = client.migrations.get(name);
    const progress = await migration.progress();
    if (progress.dryRun !== dryRun) {
      throw new ConflictError(
        'migration_running',
        `Migration "${name}" runs already, ${progress.dryRun ? 'as a dry run' : 'and not as a dry run'}`,
        { cause: error, remedies: ['wait for its end'] },
      );
    }
    io.err('it runs already: nothing new was started');
    return migration;
  }
}

/** Draws the progress until the end; Ctrl-C ends the drawing only. */
async function follow(migration: MigrationHandle, io: Io): Promise<void> {
  const bars = createProgress(io);
  const bar = bars.task(migration.name);
  try {
    for (;;) {
      const progress = await migration.progress();
      const fraction = progress.total === 0 ? undefined : handledOf(progress) / progress.total;
      if (progress.endedAt !== undefined) {
        if (progress.state === 'done') bar.done(noteOf(progress));
        else bar.failed(progress.state);
        return;
      }
      bar.update(fraction, noteOf(progress));
      await wait(EVERY_MS, undefined, { signal: io.signal });
    }
  } catch (error) {
    if (io.signal.aborted) {
      bars.stop();
      io.err(`the migration goes on; to see it again: nightshift migrate ${migration.name}`);
    }
    throw error;
  } finally {
    bars.stop();
  }
}

function noteOf(progress: MigrationProgress): string {
  const { state, total, rate } = progress;
  const of = `${handledOf(progress).toLocaleString('en')} of ${total.toLocaleString('en')}`;
  return `${of}, ${state === 'paused' ? 'paused' : `${rate.toLocaleString('en')}/s`}`;
}

function show(report: MigrationReport, io: Io): void {
  const { dryRun, copied, leftOut, failed, failures, counts, startedAt, endedAt } = report;
  const count = (n: number): string => n.toLocaleString('en');
  const took = formatBetween(startedAt, endedAt ?? startedAt);
  const fails = dryRun ? `, ${count(failed)} would fail` : '';
  io.out(
    `${count(copied)} ${dryRun ? 'would be copied' : 'copied'}, ${count(leftOut)} left out${fails}, in ${took}`,
  );
  if (failures.length > 0) {
    const rows = failures.map(({ key, reason }) => [key, reason]);
    io.out('');
    io.out(renderTable([{ title: 'record' }, { title: 'why' }], rows, io));
    if (failed > failures.length)
      io.out(io.colors.dim(`and ${count(failed - failures.length)} more`));
  }
  if (counts?.equal === false) {
    io.err(
      io.colors.yellow(
        `the counts differ: ${count(counts.source)} records there, ${count(counts.target)} here, ${count(leftOut)} left out; records came or went meanwhile, start it again`,
      ),
    );
  }
}
