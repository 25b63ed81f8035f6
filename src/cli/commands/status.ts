import { connect } from '../../../client';
import { type CommandDefinition, connectionOptions } from '../command';
import { configOf } from '../dev-state';
import { renderTable } from '../table';
import { ageText } from '../times';

export const status: CommandDefinition = {
  name: 'status',
  summary: 'show the servers, worker processes and events of an app',
  args: [],
  options: [...connectionOptions, { flags: '--json', summary: 'print one JSON object' }],
  example: 'nightshift status --name shop',

  async run(input, io) {
    const config = configOf(input, io);
    await using client = await connect(config);
    const [health, events, missing] = await Promise.all([
      client.health(),
      client.events.count(),
      client.missing.list(),
    ]);
    if (input.options['json'] === true) {
      const names = missing.map(({ name, count, lastSeen }) => ({ name, count, lastSeen }));
      io.out(JSON.stringify({ name: client.name, ...health, events, missing: names }));
      return 0;
    }
    const { bold, dim } = io.colors;
    const line = (label: string, text: string, note: string): void =>
      io.out(`${label.padEnd(12)}${text}  ${dim(note)}`);
    line('App', bold(client.name), '');
    line('Temporal', config.temporal.address, `server ${health.temporal.version}`);
    line(
      'MongoDB',
      hostsOf(config.mongodb.uri),
      `${health.mongodb.server} ${health.mongodb.version}`,
    );
    line('Serving', processesText(health.processes.length), processNotes(health.processes));
    io.out('');
    const counts = Object.entries(events);
    io.out(
      renderTable(
        counts.map(([title]) => ({ title, align: 'right' })),
        [counts.map(([, count]) => count)],
        io,
      ),
    );
    if (missing.length > 0) {
      io.out('');
      const rows = missing
        .slice(0, 10)
        .map(({ name, count, lastSeen }) => [name, count, `${ageText(lastSeen)} ago`]);
      io.out(
        renderTable(
          [{ title: 'missing handler' }, { title: 'events', align: 'right' }, { title: 'last' }],
          rows,
          io,
        ),
      );
      if (missing.length > 10) io.out(dim(`and ${missing.length - 10} more`));
    }
    return 0;
  },
};

/** Without user and password. */
const hostsOf = (uri: string): string =>
  uri
    .replace(/^mongodb(\+srv)?:\/\//, '')
    .replace(/^[^@/]*@/, '')
    .replace(/[/?].*$/, '');

const processesText = (count: number): string =>
  count === 0
    ? 'no worker process'
    : count === 1
      ? '1 worker process'
      : `${count} worker processes`;

function processNotes(processes: readonly { identity: string; lastSeen: Date }[]): string {
  if (processes.length === 0) return 'events wait; start one with: npx nightshift dev <app>';
  return processes
    .map(({ identity, lastSeen }) => `${identity} ${ageText(lastSeen)} ago`)
    .join(', ');
}
