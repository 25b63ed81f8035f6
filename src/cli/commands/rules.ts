import { userInfo } from 'node:os';
import {
  connect,
  type NightshiftClient,
  type ResumeOperation,
  type ResumeProgress,
  type RuleNote,
  type RuleOutcome,
} from '../../../client';
import { checkRate } from '../../shared/rate';
import { checkCanary } from '../../shared/resume';
import { ALL_QUEUES } from '../../shared/rules';
import { checkQueueName } from '../../queues/queue-name';
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

const handler = {
  name: 'handler',
  summary: `whose events; '${ALL_QUEUES}', in quotes, for all`,
} as const;

const noteOptions = [
  { flags: '--reason <text>', summary: 'why: shown wherever the queue is' },
  { flags: '--by <name>', summary: 'who (default: the user of this process)' },
  { flags: '--json', summary: 'print one JSON object' },
];

const rateOption = {
  flags: '--rate <n>',
  summary: 'let so many events a second go (default: as fast as they can be handled)',
};

function noteOf(input: CommandInput): RuleNote {
  const reason = textOption(input, 'reason');
  return {
    by: textOption(input, 'by') ?? userInfo().username,
    ...(reason === undefined ? {} : { reason }),
  };
}

type Set = (client: NightshiftClient, name: string, note: RuleNote) => Promise<RuleOutcome>;

function setting(name: 'pause' | 'block', summary: string, set: Set): CommandDefinition {
  return {
    name,
    summary,
    args: [handler],
    options: [...connectionOptions, ...noteOptions],
    example: `nightshift ${name} sendWelcome --reason 'mail server down'`,

    async run(input, io) {
      const { handler: queue = '' } = input.args;
      checkQueueName(queue);
      await using client = await connect(configOf(input, io));
      const outcome = await set(client, queue, noteOf(input));
      if (input.options['json'] === true) {
        io.out(JSON.stringify(outcome));
        return 0;
      }
      const what = queue === ALL_QUEUES ? 'all queues are' : `${queue} is`;
      const done = name === 'pause' ? 'paused' : 'blocked';
      io.err(`${io.colors.yellow(io.symbols[name])} ${what} ${done}`);
      if (name !== outcome.state) io.err('  it is blocked as well');
      if (!outcome.handled) io.err('  it has no handler: its events are on the 404 list');
      return 0;
    },
  };
}

export const pause = setting(
  'pause',
  'hold the events of a handler; what runs already finishes',
  (client, name, note) => client.queues.pause(name, note),
);

export const block = setting(
  'block',
  'hold the events of a handler as an administrator: only unblock lets them go',
  (client, name, note) => client.queues.block(name, note),
);

export const resume: CommandDefinition = {
  name: 'resume',
  summary: 'take a pause off and let the held events go, oldest first',
  args: [handler],
  options: [
    ...connectionOptions,
    rateOption,
    {
      flags: '--canary <n>',
      summary: 'let so many through first, and stop if one of them fails',
    },
    ...noteOptions,
  ],
  example: 'nightshift resume sendWelcome --rate 20 --canary 5',

  async run(input, io) {
    const { handler: queue = '' } = input.args;
    checkQueueName(queue);
    const [rate, canary] = [numberOption(input, 'rate'), numberOption(input, 'canary')];
    checkRate(rate);
    checkCanary(canary);
    await using client = await connect(configOf(input, io));
    const options = {
      ...noteOf(input),
      ...(rate === undefined ? {} : { rate }),
      ...(canary === undefined ? {} : { canary }),
    };
    return await drain(client, queue, await client.queues.resume(queue, options), input, io);
  },
};

export const unblock: CommandDefinition = {
  name: 'unblock',
  summary: 'take a block off and let the held events go, unless a pause stands',
  args: [handler],
  options: [...connectionOptions, rateOption, ...noteOptions],
  example: 'nightshift unblock sendWelcome',

  async run(input, io) {
    const { handler: queue = '' } = input.args;
    checkQueueName(queue);
    const rate = numberOption(input, 'rate');
    checkRate(rate);
    await using client = await connect(configOf(input, io));
    const options = { ...noteOf(input), ...(rate === undefined ? {} : { rate }) };
    return await drain(client, queue, await client.queues.unblock(queue, options), input, io);
  },
};

async function drain(
  client: NightshiftClient,
  queue: string,
  operation: ResumeOperation,
  input: CommandInput,
  io: Io,
): Promise<number> {
  await tellIfNobodyServes(client, io);
  const progress = await follow(
    operation,
    {
      title: queue === ALL_QUEUES ? 'Resuming all queues' : `Resuming ${queue}`,
      shows: ({ released, total, rate }) => ({
        fraction: total === 0 ? undefined : released / total,
        note: pace(released, total, rate),
      }),
      again: 'nightshift queues --watch',
    },
    io,
  );
  if (input.options['json'] === true) io.out(JSON.stringify(progress));
  else tell(progress, io);
  return progress.state === 'done' ? 0 : 1;
}

function tell({ queue, state, released, why = '' }: ResumeProgress, io: Io): void {
  const { colors, symbols } = io;
  const name = queue === ALL_QUEUES ? 'all queues' : queue;
  const count = `${released.toLocaleString('en')} ${released === 1 ? 'event' : 'events'} let go`;
  if (state === 'done') io.err(`${colors.green(symbols.done)} ${name}: ${count}`);
  else if (state === 'stopped') io.err(`${colors.red(symbols.error)} ${name} stays paused: ${why}`);
  else if (state === 'held')
    io.err(`${colors.yellow(symbols.pause)} ${count}, the others stay held: ${why}`);
  else io.err(`${colors.red(symbols.error)} ${name}: ${state}, ${count}`);
}
