import { userInfo } from 'node:os';
import { connect, type NightshiftClient } from '../../../client';
import { NightshiftError } from '../../shared/errors';
import { checkHandlerName } from '../../shared/names';
import {
  type CommandDefinition,
  type CommandInput,
  connectionOptions,
  textOption,
} from '../command';
import { configOf } from '../dev-state';
import type { Io } from '../io';
import { pausedText } from './crons';

export const cron: CommandDefinition = {
  name: 'cron',
  summary: 'run, pause or resume a cron',
  args: [
    { name: 'action', summary: 'run (now, once), pause or resume' },
    { name: 'cron', summary: 'its name' },
  ],
  options: [
    ...connectionOptions,
    { flags: '--reason <text>', summary: 'why it is paused' },
    { flags: '--by <name>', summary: 'who pauses it (default: your user name)' },
    { flags: '--json', summary: 'print one JSON object: the event of the run, or the cron' },
  ],
  example: 'nightshift cron pause report --reason "the warehouse is down"',

  async run(input, io) {
    const { action = '', cron: name = '' } = input.args;
    checkHandlerName(name, 'A cron name');
    const act = actionOf(action);
    await using client = await connect(configOf(input, io));
    await act(name, client, input, io);
    return 0;
  },
};

type Action = (
  name: string,
  client: NightshiftClient,
  input: CommandInput,
  io: Io,
) => Promise<void>;

function actionOf(action: string): Action {
  if (action === 'run') return runNow;
  if (action === 'pause') return pause;
  if (action === 'resume') return resume;
  throw new NightshiftError('usage', `A cron can be told to run, pause or resume, not "${action}"`);
}

const runNow: Action = async (name, client, input, io) => {
  const { id } = await client.crons.runNow(name);
  io.out(input.options['json'] === true ? JSON.stringify({ id }) : id);
};

const pause: Action = async (name, client, input, io) => {
  const reason = textOption(input, 'reason');
  const by = textOption(input, 'by') ?? userName();
  const { paused: before } = await client.crons.get(name);
  await client.crons.pause(name, {
    ...(reason === undefined ? {} : { reason }),
    ...(by === undefined ? {} : { by }),
  });
  if (before !== undefined) io.err(`it was paused already: ${pausedText({ paused: before })}`);
  await show(name, client, input, io);
};

const resume: Action = async (name, client, input, io) => {
  if ((await client.crons.get(name)).state === 'run') io.err('it was not paused');
  await client.crons.resume(name);
  await show(name, client, input, io);
};

const show: Action = async (name, client, input, io) => {
  const now = await client.crons.get(name);
  if (input.options['json'] === true) {
    io.out(JSON.stringify(now));
    return;
  }
  const { symbols, colors } = io;
  if (now.state === 'pause') io.err(`${colors.yellow(symbols.pause)} ${name} is paused`);
  else
    io.err(
      `${colors.green(symbols.run)} ${name} runs, next at ${now.next[0]?.toISOString() ?? 'no time'}`,
    );
};

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined; // e.g. in a container whose user has no entry in the system's list
  }
}
