import { relative } from 'node:path';
import { type AppCheck, checkApp, type Problem } from '../../app/check-app';
import { resolveAppPath } from '../../app/app-path';
import { type CommandDefinition, textOption } from '../command';
import type { Io } from '../io';

const KB = 1024;
/** Smaller ones cost an event next to nothing. */
const HEAVY_BYTES = 50 * KB;

export const check: CommandDefinition = {
  name: 'check',
  summary: 'look for mistakes in an app, without any server',
  args: [{ name: 'app', summary: 'the file that exports the workers, crons and datastores' }],
  options: [
    {
      flags: '--activities <file>',
      summary: 'the file with the activities (default: activities.ts beside the app)',
    },
    { flags: '--json', summary: 'print one JSON object' },
  ],
  example: 'nightshift check app.ts',

  async run(input, io) {
    const appPath = resolveAppPath(input.args['app'] ?? '', io.cwd);
    const activities = textOption(input, 'activities');
    const checked = await checkApp({ appPath, activities, cwd: io.cwd });
    if (input.options['json'] === true) io.out(JSON.stringify(checked, null, 2));
    else {
      const found = foundText(checked, io);
      if (found !== '') io.out(`${found}\n`);
      io.out(problemsText(checked.problems, relative(io.cwd, appPath), io));
    }
    return checked.problems.length === 0 ? 0 : 1;
  },
};

function foundText(checked: AppCheck, { colors }: Io): string {
  const rows = (label: string, lines: readonly string[]): string[] =>
    lines.map((line, i) => `${colors.dim((i === 0 ? label : '').padEnd(11))} ${line}`);
  const { workers, crons, datastores, migrations } = checked;
  const indexes = datastores.flatMap(({ name, indexes }) =>
    indexes.map((field) => `${name}.${field}`),
  );
  return [
    ...rows('Workers', workers.length === 0 ? [] : [workers.join(', ')]),
    ...rows(
      'Crons',
      crons.map(({ name, when }) => `${name}  ${colors.dim(when)}`),
    ),
    ...rows(
      'Datastores',
      datastores.map(({ name, fields }) => `${name}  ${colors.dim(fieldsText(fields))}`),
    ),
    ...rows('Indexes', indexes.length === 0 ? [] : [indexes.join(', ')]),
    ...rows(
      'Migrations',
      migrations.map(({ name, from, to }) => `${name}  ${colors.dim(`${from} to ${to}`)}`),
    ),
    ...rows('Imports', importLines(checked.imports, colors)),
    ...rows('Emits', unknownLine(checked.emitsUnknown)),
  ].join('\n');
}

const fieldsText = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, type]) => `${name}: ${type}`)
    .join(', ');

/** The few that weigh something: they are evaluated anew for each event. */
function importLines(imports: AppCheck['imports'], colors: Io['colors']): string[] {
  const heavy = imports.filter(({ bytes }) => bytes >= HEAVY_BYTES);
  return heavy.map(({ name, bytes, importedBy }) => {
    const size = `${Math.round(bytes / KB).toLocaleString('en')} KB`;
    return `${name}  ${size} ${colors.dim(`evaluated anew for each event; imported by ${importedBy}`)}`;
  });
}

function unknownLine(at: readonly string[]): string[] {
  if (at.length === 0) return [];
  const names = at.length === 1 ? '1 name' : `${at.length} names`;
  return [`${names} that only the running code knows: ${at.join(', ')}`];
}

function problemsText(problems: readonly Problem[], app: string, io: Io): string {
  const { colors, symbols } = io;
  if (problems.length === 0) return `${colors.green(symbols.done)} ${app}: no problem found`;
  const lines = problems.flatMap(({ code, message, remedies }) => [
    `${colors.red(symbols.error)} ${message}`,
    ...remedies.map((remedy) => `  ${colors.dim(symbols.remedy)} ${remedy}`),
    colors.dim(`  code ${code}`),
    '',
  ]);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [...lines, `${app}: ${count}`].join('\n');
}
