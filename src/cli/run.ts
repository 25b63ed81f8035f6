import { Command, CommanderError } from 'commander';
import type { CommandDefinition, CommandInput } from './command';
import { check } from './commands/check';
import { codec } from './commands/codec';
import { cron } from './commands/cron';
import { crons } from './commands/crons';
import { dashboard } from './commands/dashboard';
import { deploy } from './commands/deploy';
import { dev } from './commands/dev';
import { emit } from './commands/emit';
import { events } from './commands/events';
import { failures } from './commands/failures';
import { flag, flags } from './commands/flags';
import { init } from './commands/init';
import { migrate } from './commands/migrate';
import { missing } from './commands/missing';
import { queue, queues } from './commands/queues';
import { redrive } from './commands/redrive';
import { repl } from './commands/repl';
import { block, pause, resume, unblock } from './commands/rules';
import { replay } from './commands/replay';
import { status } from './commands/status';
import { trace } from './commands/trace';
import { worker } from './commands/worker';
import type { Io } from './io';
import { showError } from './show-error';
import { type ErrorCode, hasCode, NightshiftError } from '../shared/errors';
import { version } from '../version';

const COMMANDS: readonly CommandDefinition[] = [
  ...[init, check, dev, worker, deploy, dashboard, emit, status],
  ...[trace, replay, repl],
  ...[queues, queue, pause, resume, block, unblock, redrive],
  ...[migrate, flags, flag, codec],
  ...[events, failures, missing, crons, cron],
];

export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The command line, without a process around it. Resolves to the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.done;
  const program = programOf(io, (command) => async (input) => {
    code = await runCommand(command, input, io);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
}

type Action = (command: CommandDefinition) => (input: CommandInput) => Promise<void>;

function programOf(io: Io, action: Action): Command {
  const program = new Command('nightshift')
    .description(
      'Durable events, crons, queues and datastores for TypeScript, on Temporal and MongoDB',
    )
    .version(version, '--version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('see: nightshift --help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    });
  for (const command of COMMANDS) program.addCommand(commandOf(command, action, program));
  program.addHelpText('after', '\nEach command has help of its own: nightshift <command> --help');
  return program;
}

function commandOf(definition: CommandDefinition, action: Action, program: Command): Command {
  const command = new Command(definition.name)
    .copyInheritedSettings(program)
    .description(definition.summary)
    .allowExcessArguments(false)
    .showHelpAfterError(`see: nightshift ${definition.name} --help`)
    .addHelpText('after', `\nExample:\n  ${definition.example}`);
  for (const { name, summary, optional } of definition.args) {
    command.argument(optional ? `[${name}]` : `<${name}>`, summary);
  }
  for (const { flags, summary } of definition.options) command.option(flags, summary);
  command.option('--verbose', 'show causes and stacks of errors');
  return command.action(async (...given: unknown[]) => {
    const args = Object.fromEntries(
      definition.args.map(({ name }, i) => [name, given[i] as string | undefined]),
    );
    await action(definition)({ args, options: command.opts() });
  });
}

async function runCommand(
  command: CommandDefinition,
  input: CommandInput,
  io: Io,
): Promise<number> {
  try {
    return await command.run(input, io);
  } catch (error) {
    // What was broken off need not be told, but that something would not end.
    if (io.signal.aborted && !hasCode(error, 'shutdown_forced')) return EXIT.interrupted;
    showError(error, io, {
      json: input.options['json'] === true,
      verbose: input.options['verbose'] === true,
    });
    return isUsage(error) ? EXIT.usage : EXIT.failed;
  }
}

/** What the caller typed can never work, whatever the servers say. */
const USAGE: readonly ErrorCode[] = [
  'usage',
  'handler_name_invalid',
  'duration_invalid',
  'flag_invalid',
  'rate_invalid',
  'redrive_invalid',
  'rule_invalid',
  'config_invalid',
];

const isUsage = (error: unknown): boolean =>
  error instanceof NightshiftError && USAGE.includes(error.code);
