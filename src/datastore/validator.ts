import type { Document } from 'mongodb';
import type { StoredSchema, StoredType } from './schema';

const BSON_TYPES: Readonly<Record<string, string>> = {
  String: 'string',
  Int: 'long',
  Bool: 'bool',
  Float: 'double',
  Password: 'string',
  Date: 'date',
  UUID: 'binData',
};

/**
 * The validator of a datastore's collection. It refuses every write under another generation of the schema than the
 * present one, which is what makes changing a schema and deleting all records safe while others write.
 */
export function validatorOf(schema: StoredSchema, generation: number): Document {
  return {
    $jsonSchema: {
      bsonType: 'object',
      required: ['g', 'r', 'o', 'v'],
      properties: { g: { enum: [generation] }, v: recordSchema(schema) },
    },
  };
}

function recordSchema(schema: StoredSchema): Document {
  const fields = Object.entries(schema);
  const required = fields.filter(([, { kind }]) => kind !== 'Optional').map(([name]) => name);
  return {
    bsonType: 'object',
    // an empty list is an error of $jsonSchema
    ...(required.length === 0 ? {} : { required }),
    ...(fields.length === 0
      ? {}
      : { properties: Object.fromEntries(fields.map(([name, type]) => [name, typeSchema(type)])) }),
    additionalProperties: false,
  };
}

function typeSchema(type: StoredType): Document {
  if ('fields' in type) return recordSchema(type.fields);
  if (!('of' in type)) return { bsonType: BSON_TYPES[type.kind] };
  const of = typeSchema(type.of);
  switch (type.kind) {
    case 'List':
      return { bsonType: 'array', items: of };
    case 'Dict':
      return {
        bsonType: 'array',
        items: {
          bsonType: 'object',
          required: ['k', 'v'],
          properties: { k: { bsonType: 'string' }, v: of },
        },
      };
    default:
      return { ...of, bsonType: [of['bsonType'] as string, 'null'] };
  }
}
