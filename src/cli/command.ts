import type { Io } from './io';

/** One command of `nightshift`, as data: help and parsing are made from it. */
export interface CommandDefinition {
  readonly name: string;
  readonly summary: string;
  readonly args: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  /** One call that works, shown in the help. */
  readonly example: string;
  /** Resolves to the exit code. Errors it throws are shown by the caller. */
  run(input: CommandInput, io: Io): Promise<number>;
}

export interface ArgumentDefinition {
  readonly name: string;
  readonly summary: string;
  readonly optional?: true;
}

export interface OptionDefinition {
  /** As commander takes them: `--port <number>`. */
  readonly flags: string;
  readonly summary: string;
}

export interface CommandInput {
  /** By the argument's name; absent if it was left out. */
  readonly args: Readonly<Record<string, string | undefined>>;
  /** By the option's long name in camel case: text, or true for one without a value. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** The options of every command that talks to an app's servers. */
export const connectionOptions: readonly OptionDefinition[] = [
  {
    flags: '--name <name>',
    summary: 'the app (default: NIGHTSHIFT_NAME, else the name in package.json)',
  },
  {
    flags: '--temporal <address>',
    summary: 'Temporal, host:port (default: TEMPORAL_ADDRESS, else localhost:7233)',
  },
  {
    flags: '--mongodb <uri>',
    summary: 'MongoDB (default: MONGODB_URI, else mongodb://127.0.0.1:27017)',
  },
];

export const activitiesOption: OptionDefinition = {
  flags: '--activities <file>',
  summary: 'the file with the activities (default: activities.ts beside the app)',
};

export function textOption(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === 'string' ? value : undefined;
}
