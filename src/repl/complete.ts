/** What may follow at the end of a line: names, members, and the fields of the datastore that a lambda is about. */
import type { AnyType, Fields, ListType, RecordType } from '../definitions/types';
import { isDatastore } from './scope';

/** The names that a line can use, and what they hold. */
export interface Names {
  names(): readonly string[];
  valueOf(name: string): unknown;
}

/** What could stand at the end of the line, and the part of it that is there already. */
export type Completions = [candidates: string[], part: string];

const PATH =
  /(?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*\??\.\s*)*(?:[\p{ID_Start}$_][\p{ID_Continue}$]*)?$/u;

export function complete(line: string, scope: Names): Completions {
  const [path = ''] = PATH.exec(line) ?? [];
  const before = line.slice(0, line.length - path.length);
  // A member of something that is not a plain path, such as `f().x`, or a part of a number.
  if (/[.\d]\s*$/.test(before)) return [[], path];
  const steps = path.split(/\s*\??\.\s*/);
  const part = steps.pop() ?? '';
  return [matching(candidatesFor(steps, before, scope), part), part];
}

function candidatesFor(steps: readonly string[], before: string, scope: Names): readonly string[] {
  const [root, ...rest] = steps;
  const lambda = lambdaAt(before, scope);
  if (root === undefined) {
    if (lambda?.isPattern === true) return Object.keys(lambda.fields);
    return lambda === undefined ? scope.names() : [lambda.parameter, ...scope.names()];
  }
  if (lambda?.parameter === root) return Object.keys(fieldsAt(lambda.fields, rest));
  return membersOf(valueAt(scope.valueOf(root), rest));
}

interface LambdaAt {
  readonly parameter: string;
  readonly fields: Fields;
  /** Whether the line ends within its destructured parameter. */
  readonly isPattern: boolean;
}

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
/** `Users, (u) =>`, `Users, u =>`, `Users, function (u) {` */
const LAMBDA = new RegExp(
  String.raw`(?<store>${NAME})\s*,\s*(?:async\s+)?(?:function\s*\w*\s*)?(?:\(\s*(?<one>${NAME})[^)]*\)|(?<bare>${NAME}))\s*(?:=>|\{)`,
  'gu',
);
/** `Users, ({ name, ` */
const PATTERN = new RegExp(String.raw`(?<store>${NAME})\s*,\s*\(\s*\{[^}]*$`, 'u');

/** The last lambda before the end of the line that stands behind a datastore. */
function lambdaAt(before: string, scope: Names): LambdaAt | undefined {
  const pattern = PATTERN.exec(before)?.groups;
  const found = pattern ?? [...before.matchAll(LAMBDA)].at(-1)?.groups;
  const store = scope.valueOf(found?.['store'] ?? '');
  if (!isDatastore(store)) return undefined;
  const parameter = found?.['one'] ?? found?.['bare'] ?? '';
  return { parameter, fields: store.fields, isPattern: pattern !== undefined };
}

/** The fields of a record within the record. */
function fieldsAt(fields: Fields, path: readonly string[]): Fields {
  const [name, ...rest] = path;
  if (name === undefined) return fields;
  let type = fields[name] as AnyType | undefined;
  if (type?.kind === 'Optional') type = (type as ListType).of;
  return type?.kind === 'Record' ? fieldsAt((type as RecordType).fields, rest) : {};
}

/** Getters are not called: looking must change nothing. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((on, name) => {
    if (on == null) return undefined;
    const descriptor = chainOf(on)
      .map((object) => Object.getOwnPropertyDescriptor(object, name))
      .find((found) => found !== undefined);
    return descriptor?.value as unknown;
  }, value);
}

function membersOf(value: unknown): string[] {
  if (value == null) return [];
  const names = chainOf(value).flatMap((object) => Object.getOwnPropertyNames(object));
  return names.filter((name) => new RegExp(`^${NAME}$`, 'u').test(name) && name !== 'constructor');
}

/** A value and its prototypes, without what every object has. */
function chainOf(value: NonNullable<unknown>): object[] {
  const chain: object[] = [];
  for (let on = Object(value) as object | null; on !== null;) {
    const above = Object.getPrototypeOf(on) as object | null;
    if (above === null && chain.length > 0) break;
    chain.push(on);
    on = above;
  }
  return chain;
}

function matching(candidates: readonly string[], part: string): string[] {
  return [...new Set(candidates)].filter((name) => name !== '' && name.startsWith(part)).sort();
}
