import { relative } from 'node:path';
import { type AppCheck, checkApp, type Problem } from '../../app/check-app';
import { resolveAppPath } from '../../app/app-path';
import { activitiesOption, type CommandDefinition, textOption } from '../command';
import type { Io } from '../io';
import { problemLines } from '../show-error';

const KB = 1024;
/** What is less costs an event next to nothing. */
const HEAVY_BYTES = 50 * KB;
const HEAVY_MS = 1;

export const check: CommandDefinition = {
  name: 'check',
  summary: 'look for mistakes in an app, without any server',
  args: [{ name: 'app', summary: 'the file that exports the workers, crons and datastores' }],
  options: [activitiesOption, { flags: '--json', summary: 'print one JSON object' }],
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
    ...rows('Each event', costLines(checked.eventCost, colors)),
    ...rows('Emits', unknownLine(checked.emitsUnknown)),
  ].join('\n');
}

const fieldsText = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, type]) => `${name}: ${type}`)
    .join(', ');

/** All in one line, and each package that is heavy. */
function costLines(cost: AppCheck['eventCost'], { dim }: Io['colors']): string[] {
  if (cost === undefined) return [];
  const heavy = cost.imports.filter(({ bytes, ms }) => bytes >= HEAVY_BYTES || ms >= HEAVY_MS);
  return [
    `evaluates your code and its imports: ${weightText(cost)}`,
    ...heavy.map(
      (each) => `  ${each.name}: ${weightText(each)}  ${dim(`imported by ${each.importedBy}`)}`,
    ),
  ];
}

const weightText = ({ bytes, ms }: { bytes: number; ms: number }): string =>
  `${Math.ceil(bytes / KB).toLocaleString('en')} KB, ${ms.toFixed(ms < 10 ? 1 : 0)} ms`;

function unknownLine(at: readonly string[]): string[] {
  if (at.length === 0) return [];
  const names = at.length === 1 ? '1 name' : `${at.length} names`;
  return [`${names} that only the running code knows: ${at.join(', ')}`];
}

function problemsText(problems: readonly Problem[], app: string, io: Io): string {
  const { colors, symbols } = io;
  if (problems.length === 0) return `${colors.green(symbols.done)} ${app}: no problem found`;
  const lines = problems.flatMap((problem) => [...problemLines(problem, io), '']);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [...lines, `${app}: ${count}`].join('\n');
}
