import { basename, relative, resolve } from 'node:path';
import { checkAppName } from '../../shared/names';
import type { CommandDefinition } from '../command';
import { makeProject } from '../make-project';

export const init: CommandDefinition = {
  name: 'init',
  summary: 'make a small app to start from, in a new folder',
  args: [{ name: 'folder', summary: 'the new folder; its name becomes the name of the app' }],
  options: [
    { flags: '--commonjs', summary: 'CommonJS instead of ECMAScript modules (default: modules)' },
  ],
  example: 'nightshift init my-app',

  run(input, io) {
    const folder = resolve(io.cwd, input.args['folder'] ?? '');
    const name = basename(folder);
    checkAppName(name, 'name the folder so: its name becomes the name of the app');
    const type = input.options['commonjs'] === true ? 'commonjs' : 'module';
    makeProject({ folder, name, type });
    const { colors, symbols } = io;
    const way = relative(io.cwd, folder);
    const step = (command: string, note: string): string =>
      `  ${command.padEnd(14)}${colors.dim(note)}`;
    io.err(
      [
        `${colors.green(symbols.done)} ${colors.bold(name)} is there; next:`,
        '',
        ...(way === '' ? [] : [`  cd ${way}`]),
        '  npm install',
        step('npm run dev', 'serves app.ts, with everything it needs'),
        step('npm test', 'runs test/app.test.ts on real servers'),
      ].join('\n'),
    );
    return Promise.resolve(0);
  },
};
