/** The value of a line as text: lists and maps of records as tables, traces as trees, the rest as Node shows it. */
import { inspect, stripVTControlCharacters } from 'node:util';
import type { Io } from '../cli/io';
import { renderTable } from '../cli/table';
import { renderTrace } from '../cli/render-trace';
import { DEFINITION, type Definition } from '../definitions/definition';
import type { DatastoreDefinition } from '../definitions/datastore';
import { nameOfType } from '../definitions/types';
import { isDate, isPlainObject } from '../shared/storable';
import type { Trace } from '../traces/trace';

type Look = Pick<Io, 'colors' | 'columns' | 'symbols'>;
type Fields = Readonly<Record<string, unknown>>;

const MAX_ROWS = 100;
const PIPED_WIDTH = 200;
const DEPTH = 6;
/** How much of a cell is shown, the most that fits. */
const CELL_WIDTHS = [80, 40, 24, 12];

export function showValue(value: unknown, io: Io): string {
  if (typeof value !== 'object' || value === null) return inspected(value, io);
  if (DEFINITION in value) return showDefinition(value as Definition, io);
  if (isTrace(value)) return renderTrace(value, { ...io, width: io.columns ?? PIPED_WIDTH });
  if (isHandle(value)) return `${io.colors.dim('event')} ${value.id}`;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    if (list.length > 0 && list.every(isRecord)) return table(list, io);
  } else if (isRecord(value)) {
    const records = Object.entries(value);
    if (records.every((entry): entry is [string, Fields] => isRecord(entry[1])))
      return table(
        records.map(([, record]) => record),
        io,
        records.map(([key]) => key),
      );
  }
  return inspected(value, io);
}

function inspected(value: unknown, { colors, columns }: Look): string {
  const options = { depth: DEPTH, colors: colors.isColorSupported, maxArrayLength: MAX_ROWS };
  return inspect(value, { ...options, breakLength: columns ?? 80 });
}

/** A thing with fields, as a row of a table can show it. */
function isRecord(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (!isPlainObject(value) || DEFINITION in value) return false;
  const fields = Object.values(value);
  return fields.length > 0 && fields.every((field) => typeof field !== 'function');
}

/** `keys` are those of a map, in a column before the others. */
function table(records: readonly Fields[], io: Io, keys?: readonly string[]): string {
  const shown = records.slice(0, MAX_ROWS);
  const names = [...new Set(shown.flatMap((record) => Object.keys(record)))];
  const columns = names.map((title) => {
    const isNumber = shown.every((record) =>
      ['number', 'undefined'].includes(typeof record[title]),
    );
    return { title, align: isNumber ? ('right' as const) : ('left' as const) };
  });
  if (keys !== undefined) columns.unshift({ title: 'key', align: 'left' });
  const rows = shown.map((record, i) => [
    ...(keys?.slice(i, i + 1) ?? []),
    ...names.map((name) => cell(record[name])),
  ]);
  const render = (width: number): string =>
    renderTable(
      columns,
      rows.map((row) => row.map((text) => cut(text, width, io))),
      io,
    );
  const { columns: room } = io;
  const text =
    room === undefined
      ? render(Infinity)
      : (CELL_WIDTHS.map(render).find((lines) => widthOf(lines) <= room) ?? render(12));
  const more = records.length - shown.length;
  return more === 0 ? text : `${text}\n${io.colors.dim(`and ${more.toLocaleString('en')} more`)}`;
}

const widthOf = (text: string): number =>
  Math.max(...text.split('\n').map((line) => stripVTControlCharacters(line).length));

function cell(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string' && !/\p{Cc}/u.test(value)) return value;
  if (
    typeof value === 'object' &&
    value !== null &&
    isDate(value) &&
    !Number.isNaN(value.getTime())
  )
    return value.toISOString();
  return inspect(value, { breakLength: Infinity, compact: true, depth: DEPTH });
}

const cut = (text: string, width: number, { symbols }: Look): string =>
  text.length <= width ? text : text.slice(0, width - 1) + symbols.cut;

function showDefinition(definition: Definition, { colors }: Look): string {
  const head = `${colors.dim(definition[DEFINITION])} ${definition.name}`;
  if (definition[DEFINITION] !== 'datastore') return head;
  const fields = Object.entries((definition as DatastoreDefinition).fields);
  return [head, ...fields.map(([name, type]) => `  ${name}: ${nameOfType(type)}`)].join('\n');
}

const isTrace = (value: object): value is Trace =>
  'handler' in value && 'attempts' in value && Array.isArray(value.attempts);

const isHandle = (value: object): value is { id: string } =>
  'id' in value && 'repeated' in value && 'describe' in value;
