import { bareDicts } from '../../../src/definitions/bare-dicts';
import { t } from '../../../src/definitions/types';

const fields = {
  dict: t.Dict(t.Dict(t.Int)),
  list: t.List(t.Dict(t.Int)),
  nested: t.Record({ dict: t.optional(t.Dict(t.Int)), name: t.String }),
  maybe: t.optional(t.Dict(t.Int)),
  plain: t.Record({ name: t.String }),
};

test('takes the prototype from every Dict of a record, however deep, and from nothing else', () => {
  const record = bareDicts(fields, {
    dict: { a: { x: 1 } },
    list: [{ y: 2 }],
    nested: { dict: { z: 3 }, name: 'n' },
    maybe: { w: 4 },
    plain: { name: 'p' },
  });
  const dicts = [record.dict, record.dict.a, record.list[0], record.nested.dict, record.maybe];
  for (const dict of dicts) expect(Object.getPrototypeOf(dict)).toBeNull();
  for (const object of [record, record.nested, record.plain]) {
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  }
  expect(record).toMatchObject({ dict: { a: { x: 1 } }, nested: { dict: { z: 3 }, name: 'n' } });
});

test('leaves null null and absent absent', () => {
  expect(bareDicts(fields, { maybe: null, nested: { dict: null } })).toEqual({
    maybe: null,
    nested: { dict: null },
  });
});
