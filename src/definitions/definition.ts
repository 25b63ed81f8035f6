import { InvalidInputError } from '../shared/errors';
import { isIdentifier } from '../shared/names';
import { nameOfValue } from './check-value';
import {
  type AnyType,
  type Fields,
  KINDS,
  type ListType,
  type RecordType,
  t,
  type Type,
} from './types';

/** As they are written. */
const TYPES = Object.keys(t).map((name) => `t.${name}`);

/** Marks a value as a definition of ours, across copies of this package. */
export const DEFINITION: unique symbol = Symbol.for('nightshift.definition') as never;

export interface Definition<Kind extends string = string> {
  readonly [DEFINITION]: Kind;
  readonly name: string;
}

export function definitionInvalid(message: string): InvalidInputError {
  return new InvalidInputError('definition_invalid', message);
}

/** @throws {InvalidInputError} code `definition_invalid` if a name or type in `fields` cannot be one; `where` names it */
export function checkFields(fields: unknown, where: string): asserts fields is Fields {
  if (typeof fields !== 'object' || fields === null) {
    throw definitionInvalid(`${where} needs an object of fields, e.g. { name: t.String }`);
  }
  for (const [name, type] of Object.entries(fields as Record<string, unknown>)) {
    // A member named __proto__ would set the prototype of the record instead.
    if (!isIdentifier(name) || name === '__proto__') {
      throw definitionInvalid(
        `${where} has the field "${name}"; a field name is letters, digits and "_", not starting with a digit`,
      );
    }
    checkType(type, `${where}, field "${name}"`, true);
  }
}

function checkType(type: unknown, where: string, mayBeOptional: boolean): void {
  const kind = (type as Type | null | undefined)?.kind;
  if (kind === undefined || !KINDS.includes(kind))
    throw definitionInvalid(
      `${where}: expected a type such as t.String, got ${nameOfValue(type)}; types are ${TYPES.join(', ')}`,
    );
  const any = type as AnyType;
  if (any.kind === 'Record') return checkFields((any as RecordType).fields, where);
  if (any.kind === 'Optional' && !mayBeOptional) {
    throw definitionInvalid(`${where}: t.optional stands around the type of a field, nowhere else`);
  }
  if (any.kind === 'List' || any.kind === 'Dict' || any.kind === 'Optional') {
    checkType((any as ListType).of, where, false);
  }
}

export function checkEventType(type: unknown, where: string): asserts type is Type {
  checkType(type, where, false);
}
