import { stripVTControlCharacters } from 'node:util';
import CliTable from 'cli-table3';
import type { Io } from './io';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((part) => [part, '']),
);

/** Columns two spaces apart, dim capitals above, no rules; on a terminal the last one is cut to its width. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
  io: Io,
): string {
  const whole = render(columns, rows, io, []);
  const width = Math.max(...whole.split('\n').map(widthOf));
  if (io.columns === undefined || width <= io.columns) return whole;
  const texts = [columns.at(-1)?.title ?? '', ...rows.map((row) => String(row.at(-1) ?? ''))];
  const last = Math.max(...texts.map(widthOf)) - (width - io.columns);
  const widths = [...columns.slice(1).map(() => null), Math.max(last, MIN_LAST)];
  return render(columns, rows, io, widths);
}

const MIN_LAST = 8;

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

function render(
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
  io: Io,
  colWidths: (number | null)[],
): string {
  const table = new CliTable({
    head: columns.map(({ title }) => io.colors.dim(title.toUpperCase())),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    colWidths,
    truncate: io.symbols.cut,
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(
    ...rows.map((row) =>
      row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)),
    ),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
