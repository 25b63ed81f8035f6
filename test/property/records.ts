/** Schemas and records for the property tests of queries. */
import fc from 'fast-check';
import { datastore, type DatastoreDefinition } from '../../src/definitions/datastore';
import {
  type AnyType,
  type DictType,
  type ListType,
  type OptionalType,
  type RecordType,
  t,
  type Type,
} from '../../src/definitions/types';
import { HashedPassword } from '../../src/shared/password';
import { DATES, FLOATS, INTS, KEYS, SMALL_TEXTS, TEXTS, UUIDS } from './values';

const scalars: Type[] = [t.String, t.Int, t.Float, t.Bool, t.Date, t.UUID];

const maybe = (type: fc.Arbitrary<Type>): fc.Arbitrary<Type> =>
  fc.tuple(type, fc.boolean()).map(([of, optional]) => (optional ? t.optional(of) : of));

const scalar = maybe(fc.constantFrom(...scalars));
const list = fc.constantFrom(...scalars).map((of) => t.List(of) as Type);
const dict = fc.constantFrom<Type>(...scalars, t.List(t.Int)).map((of) => t.Dict(of) as Type);
const inner = fc
  .record({
    s: maybe(fc.constant(t.String)),
    n: maybe(fc.constantFrom(t.Int, t.Float)),
    d: scalar,
    l: maybe(list),
  })
  .map((fields) => t.Record(fields) as Type);
const nested = fc
  .record({ r: maybe(inner), b: maybe(fc.constant(t.Bool)), m: maybe(dict) })
  .map((fields) => t.Record(fields) as Type);

/** Each has texts, numbers and so on both with and without null; the rest is by chance. */
export const schemas: fc.Arbitrary<DatastoreDefinition> = fc
  .record({
    s: fc.constant<Type>(t.String),
    so: fc.constant<Type>(t.optional(t.String)),
    n: fc.constant<Type>(t.Int),
    no: fc.constant<Type>(t.optional(t.Int)),
    f: fc.constant<Type>(t.Float),
    fo: fc.constant<Type>(t.optional(t.Float)),
    b: fc.constant<Type>(t.Bool),
    bo: fc.constant<Type>(t.optional(t.Bool)),
    d: maybe(fc.constant<Type>(t.Date)),
    id: maybe(fc.constant<Type>(t.UUID)),
    ls: maybe(fc.constant<Type>(t.List(t.String))),
    ln: maybe(fc.constantFrom<Type>(t.List(t.Int), t.List(t.Float))),
    lx: maybe(list),
    ll: maybe(fc.constantFrom<Type>(t.List(t.List(t.Int)), t.List(t.Dict(t.Int)))),
    lr: maybe(inner.map((of) => t.List(of) as Type)),
    m: maybe(dict),
    mo: fc.constant<Type>(t.Dict(t.Int)),
    r: maybe(inner),
    o: maybe(nested),
    p: maybe(fc.constant<Type>(t.Password)),
  })
  .map((fields) => datastore('queries', fields));

const hash = new HashedPassword('$argon2id$x');

function valuesOf(type: Type): fc.Arbitrary<unknown> {
  const any = type as AnyType;
  switch (any.kind) {
    case 'String':
      return fc.oneof(
        fc.constantFrom(...TEXTS),
        fc.constantFrom(...SMALL_TEXTS),
        fc.string({ unit: 'binary', maxLength: 3 }),
      );
    case 'Int':
      return fc.oneof(
        fc.constantFrom(...INTS),
        fc.integer({ min: -5, max: 12 }),
        fc.maxSafeInteger(),
      );
    case 'Float':
      return fc.oneof(
        fc.constantFrom(...FLOATS),
        fc.integer({ min: -5, max: 12 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      );
    case 'Bool':
      return fc.boolean();
    case 'Date':
      return fc.oneof(
        fc.constantFrom(...DATES).map((ms) => new Date(ms)),
        fc.date({ noInvalidDate: true }),
      );
    case 'UUID':
      return fc.oneof(fc.constantFrom(...UUIDS), fc.uuid());
    case 'Password':
      return fc.constant(hash);
    case 'List':
      return fc.array(valuesOf((any as ListType).of), { maxLength: 3 });
    case 'Dict':
      return fc.dictionary(fc.constantFrom(...KEYS), valuesOf((any as DictType).of), {
        maxKeys: 4,
      });
    case 'Record':
      return fc.record(
        Object.fromEntries(
          Object.entries((any as RecordType).fields).map(([name, of]) => [name, valuesOf(of)]),
        ),
      );
    case 'Optional': {
      const of = valuesOf((any as OptionalType).of);
      return fc.oneof(
        { weight: 5, arbitrary: of },
        { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
      );
    }
  }
}

export const recordsOf = (ds: DatastoreDefinition): fc.Arbitrary<Record<string, unknown>> =>
  valuesOf(t.Record(ds.fields)) as fc.Arbitrary<Record<string, unknown>>;
