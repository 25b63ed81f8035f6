import { dirname, join } from 'node:path';
import { connect } from '../../../client';
import { resolveAppPath } from '../../app/app-path';
import { loadExports } from '../../app/load-app';
import { runRepl } from '../../repl/run-repl';
import { type CommandDefinition, connectionOptions } from '../command';
import { configOf, stateDirOf } from '../dev-state';
import type { Io } from '../io';

export const repl: CommandDefinition = {
  name: 'repl',
  summary: 'try an app’s datastores, events and queues line by line',
  args: [{ name: 'app', summary: 'the file that exports the workers, crons and datastores' }],
  options: [
    ...connectionOptions,
    { flags: '--yes', summary: 'answer yes wherever something is asked before it is deleted' },
  ],
  example: 'nightshift repl app.ts',

  async run(input, io) {
    const { stdin, stdout } = process;
    const appPath = resolveAppPath(input.args['app'] ?? '', io.cwd);
    const exports = await loadExports(appPath);
    await using client = await connect(configOf(input, io));
    const terminal = stdin.isTTY && stdout.isTTY;
    const wentWell = await runRepl({
      ...{ client, appPath, exports, input: stdin, output: stdout, terminal },
      io: terminal ? withPresentWidth(io, stdout) : io,
      historyFile: join(stateDirOf(dirname(appPath)), 'repl-history'),
      yes: input.options['yes'] === true,
      verbose: input.options['verbose'] === true,
    });
    return wentWell ? 0 : 1;
  },
};

/** A REPL lives long enough for its window to change. */
function withPresentWidth(io: Io, stdout: NodeJS.WriteStream): Io {
  return Object.defineProperty({ ...io }, 'columns', { get: () => stdout.columns });
}
