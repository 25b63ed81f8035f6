import type { DryRun } from '../rerun/dry-run';
import type { Io } from './io';

/** A dry run as `diff` shows it: `-` is what the past run did, `+` what it would do now. */
export function renderDryRun(run: DryRun, look: Pick<Io, 'colors' | 'symbols'>): string {
  const { bold, dim, green, red, yellow } = look.colors;
  const { id, handler, attempt, differs, lines, notDone, notes } = run;
  const paint = { same: (text: string) => text, gone: red, new: green };
  const sign = { same: ' ', gone: '-', new: '+' };
  const outcome = differs
    ? yellow(`${look.symbols.error} it would do otherwise`)
    : green(`${look.symbols.done} it would do the same`);
  const calls = notDone.map(({ name, args, answer }) => {
    const how = answer === 'past' ? 'answered as it was then' : 'nobody knows its answer';
    return `${name} ${JSON.stringify(args)}  ${dim(how)}`;
  });
  return [
    `dry run of ${id}  ${bold(handler)}  ${dim(`attempt ${attempt}; nothing was written, emitted or called`)}`,
    '',
    ...lines.map(({ kind, text }) => paint[kind](`${sign[kind]} ${text}`)),
    ...(calls.length === 0 ? [] : ['', dim('not called:'), ...calls.map((call) => `  ${call}`)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => yellow(note))]),
    '',
    outcome,
  ].join('\n');
}
