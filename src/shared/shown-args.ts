import type { CompiledQuery } from '../query/ir';
import { MARKER } from './query-marker';
import { isNthWrite } from './nth-write';
import { isRoom } from './room';
import type { Cut } from './trace';

/** As the user wrote them: a compiled query is its lambda and the values around it, what was left out is left out. */
export function shownArgs(args: unknown): readonly unknown[] | Cut {
  if (!Array.isArray(args)) return args as Cut;
  const users = args.filter((value: unknown) => !isNthWrite(value) && !isRoom(value));
  const shown = users.map((value: unknown) => {
    if (typeof value !== 'object' || value === null || !(MARKER in value)) return value;
    const { [MARKER]: lambda, captures } = value as CompiledQuery;
    return { lambda: lambda.text, captures };
  });
  return shown.slice(0, shown.findLastIndex((value) => value !== undefined) + 1);
}

/** As it is compared and saved: passwords hidden, Dates as text. */
export const toPlainJson = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value, withBigints));

const withBigints = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}n` : value;
