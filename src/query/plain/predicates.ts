/**
 * What a comparison with a constant asks of one stored value, as MongoDB's query operators (facts/queries.md §3).
 * Each gives both answers, because MongoDB's negation is not JavaScript's: null and missing compare as numbers there.
 */
import { UUID } from 'mongodb';
import { RELATIONS } from '../expressions/comparisons';
import { isCanonicalUuid } from '../expressions/lists';
import type { StaticType } from '../static-type';
import { rangesAbove, rangesBelow, type TextRange } from '../text-order';

/** Query operators of one value, all of which hold: `{ $gt: 1, $lt: 5 }`. Without any: every value that is there. */
export type Operators = Readonly<Record<string, unknown>>;

/** Holds if one of `ops` does. */
export interface Predicate {
  readonly ops: readonly Operators[];
  /** Whether it holds for undefined. */
  readonly missing: boolean;
}

/** The values for which JavaScript says true, and those for which it says false. Where it throws is in neither. */
export interface Answers {
  readonly yes: Predicate;
  /** `'rest'`: all other values. */
  readonly no: Predicate | 'rest';
}

export type Relation = keyof typeof RELATIONS;

const ANYTHING: Operators = {};
export const NULL: Operators = { $type: 10 };
const TEXT: Operators = { $type: 2 };
const LIST: Operators = { $type: 4 };

export const some = (...ops: readonly Operators[]): Predicate => ({ ops, missing: false });
const orMissing = (...ops: readonly Operators[]): Predicate => ({ ops, missing: true });

/** Lists and Dicts are arrays: a condition on the field would ask their elements, too. */
const isArray = ({ base }: StaticType): boolean => base === 'list' || base === 'dict';

export function equals(type: StaticType, c: unknown): Answers {
  if (c === undefined) return { yes: orMissing(), no: some({ $exists: true }) };
  if (c === null) {
    return isArray(type)
      ? { yes: some({ ...NULL, $not: LIST }), no: orMissing(LIST) }
      : { yes: some(NULL), no: orMissing({ $not: NULL }) };
  }
  if (Number.isNaN(c)) return { yes: some(), no: orMissing(ANYTHING) };
  const stored = type.base === 'uuid' ? new UUID(c as string) : c;
  return { yes: some({ $eq: stored }), no: orMissing({ $ne: stored }) };
}

export function isNullish(type: StaticType): Answers {
  return isArray(type)
    ? { yes: orMissing({ $eq: null, $not: LIST }), no: some(LIST) }
    : { yes: orMissing(NULL), no: some({ $ne: null }) };
}

export function isTruthy(type: StaticType): Answers {
  switch (type.base) {
    case 'bool':
      return { yes: some({ $eq: true }), no: orMissing({ $ne: true }) };
    case 'str':
      return { yes: some({ $gt: '' }), no: orMissing({ $eq: '' }, NULL) };
    case 'num':
      return {
        yes: some({ $nin: [null, 0, Number.NaN] }),
        no: orMissing({ $eq: 0 }, ...nan(type), NULL),
      };
    default: {
      const { yes, no } = isNullish(type);
      return { yes: no as Predicate, no: yes };
    }
  }
}

const nan = (type: StaticType): Operators[] => (type.int === true ? [] : [{ $eq: Number.NaN }]);

const OPERATOR = { lt: '$lt', le: '$lte', gt: '$gt', ge: '$gte' } as const;
const OPPOSITE = { lt: 'ge', le: 'gt', gt: 'le', ge: 'lt' } as const;
export const FLIPPED = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const;

/** `value < c` and its like; null counts as 0. Never NaN: that is folded away. */
export function relates(op: Relation, type: StaticType, c: unknown): Answers {
  const nulls = RELATIONS[op](null, c) ? { yes: [NULL], no: [] } : { yes: [], no: [NULL] };
  const [yes, no] = [valuesOf(op, type, c), valuesOf(OPPOSITE[op], type, c)];
  const nans = type.base === 'num' ? nan(type) : [];
  return { yes: some(...yes, ...nulls.yes), no: orMissing(...no, ...nans, ...nulls.no) };
}

function valuesOf(op: Relation, type: StaticType, c: unknown): Operators[] {
  switch (type.base) {
    case 'str':
      return textsThat(op, c as string);
    case 'uuid':
      return [{ [OPERATOR[op]]: new UUID(c as string) }];
    case 'date':
      return datesThat(op, Number(c));
    default:
      return [{ [OPERATOR[op]]: Number(c) }];
  }
}

function textsThat(op: Relation, c: string): Operators[] {
  const ranges =
    op === 'lt' || op === 'le' ? rangesBelow(c, op === 'le') : rangesAbove(c, op === 'ge');
  return ranges.map(rangeOperators);
}

function rangeOperators({ from, fromIncluded, to, toIncluded }: TextRange): Operators {
  if (from === undefined && to === undefined) return TEXT;
  return {
    ...(from === undefined ? {} : { [fromIncluded === true ? '$gte' : '$gt']: from }),
    ...(to === undefined ? {} : { [toIncluded === true ? '$lte' : '$lt']: to }),
  };
}

const MAX_DATE = 8.64e15;

/** Dates are whole milliseconds: a limit between two is the next one. */
export function datesThat(op: Relation, limit: number): Operators[] {
  const ms = op === 'lt' || op === 'ge' ? Math.ceil(limit) : Math.floor(limit);
  const below = op === 'lt' || op === 'le';
  if (Math.abs(ms) > MAX_DATE) return below === ms > 0 ? [{ $type: 9 }] : [];
  return [{ [OPERATOR[op]]: new Date(ms) }];
}

const CHUNK = 1000;

/** `[a, b].includes(value)` */
export function isAmong(type: StaticType, values: readonly unknown[]): Answers {
  const stored = [...new Set(values)].flatMap((value) => {
    if (value == null) return [];
    if (type.base !== 'uuid') return [value];
    return isCanonicalUuid(value) ? [new UUID(value)] : [];
  });
  const chunks: Operators[] = [];
  for (let i = 0; i < stored.length; i += CHUNK) chunks.push({ $in: stored.slice(i, i + CHUNK) });
  const ops = values.includes(null) ? [...chunks, NULL] : chunks;
  return { yes: { ops, missing: values.includes(undefined) }, no: 'rest' };
}
