import { connect } from '../../../client';
import { NightshiftError } from '../../shared/errors';
import { type CommandDefinition, connectionOptions } from '../command';
import { configOf } from '../dev-state';
import { renderTable } from '../table';
import { ageText } from '../times';

export const flags: CommandDefinition = {
  name: 'flags',
  summary: 'list the flags of an app',
  args: [],
  options: [...connectionOptions, { flags: '--json', summary: 'print one JSON list' }],
  example: 'nightshift flags --name shop',

  async run(input, io) {
    await using client = await connect(configOf(input, io));
    const list = await client.flags.list();
    if (input.options['json'] === true) {
      io.out(JSON.stringify(list));
    } else if (list.length === 0) {
      io.err('no flag was set yet; set one with: nightshift flag <name> on');
    } else {
      const rows = list.map(({ name, on, changedAt }) => [
        name,
        on ? io.colors.green('on') : 'off',
        `${ageText(changedAt)} ago`,
      ]);
      io.out(renderTable([{ title: 'flag' }, { title: '' }, { title: 'changed' }], rows, io));
    }
    return 0;
  },
};

export const flag: CommandDefinition = {
  name: 'flag',
  summary: 'switch a flag; events that begin from now on see it',
  args: [
    { name: 'flag', summary: 'its name, as in flag("…") of a handler' },
    { name: 'value', summary: 'on or off' },
  ],
  options: connectionOptions,
  example: 'nightshift flag new-mailer on',

  async run(input, io) {
    const { flag: name = '', value = '' } = input.args;
    if (value !== 'on' && value !== 'off') {
      throw new NightshiftError('usage', `A flag can be on or off, got "${value}"`);
    }
    await using client = await connect(configOf(input, io));
    await client.flags.set(name, value === 'on');
    io.err(`${io.colors.green(io.symbols.done)} ${name} is ${value}`);
    return 0;
  },
};
