import fc from 'fast-check';
import type {
  AnyType,
  DictType,
  ListType,
  OptionalType,
  RecordType,
  Type,
} from '../definitions/types';
import { HashedPassword } from '../shared/password';

const MAX_SIZE = 5;
/** What users type rarely and programs meet all the same. */
const ODD_TEXTS = ['', ' ', "O'Brien", 'İstanbul', '😀', '__proto__', 'null', '0', 'a\nb', '$set'];
/** Of no text: it passes wherever a password may be, and matches none. */
const PASSWORD = new HashedPassword('$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAA$AAAAAAAAAAA');

/** Values of a type, odd ones often among them. */
export function arbitraryOf(type: Type): fc.Arbitrary<unknown> {
  const any = type as AnyType;
  switch (any.kind) {
    case 'String':
      return fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...ODD_TEXTS));
    case 'Int':
      return fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.maxSafeInteger());
    case 'Float':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'Bool':
      return fc.boolean();
    case 'Date':
      return fc.date({ noInvalidDate: true });
    case 'UUID':
      return fc.uuid();
    case 'Password':
      return fc.constant(PASSWORD);
    case 'List':
      return fc.array(arbitraryOf((any as ListType).of), { maxLength: MAX_SIZE });
    case 'Dict': {
      const keys = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('a', 'b', 'constructor'));
      return fc.dictionary(keys, arbitraryOf((any as DictType).of), { maxKeys: MAX_SIZE });
    }
    case 'Record': {
      const entries = Object.entries((any as RecordType).fields);
      const required = entries.filter(([, of]) => of.kind !== 'Optional').map(([name]) => name);
      const fields = Object.fromEntries(entries.map(([name, of]) => [name, arbitraryOf(of)]));
      return fc.record(fields, { requiredKeys: required });
    }
    case 'Optional':
      return fc.option(arbitraryOf((any as OptionalType).of), { nil: null });
  }
}
