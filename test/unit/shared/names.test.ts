import fc from 'fast-check';
import {
  checkAppName,
  checkEventId,
  checkHandlerName,
  checkKey,
  isIdentifier,
  utf8Length,
} from '../../../src/shared/names';
import { errorWith } from '../../support/error-with';

describe('a handler name', () => {
  test.each([
    'a',
    'onSignup',
    'toString',
    'constructor',
    '__proto__',
    'order paid',
    'a/b',
    '日本語',
    'nightshift',
    'x'.repeat(200),
  ])('may be %p', (name) => expect(() => checkHandlerName(name)).not.toThrow());

  test.each<[unknown, string]>([
    ['', 'A handler name must not be empty'],
    ['x'.repeat(201), 'A handler name must have at most 200 characters, got 201'],
    [
      'nightshift.x',
      'A handler name must not start with "nightshift." or "__temporal", got "nightshift.x"',
    ],
    ['__temporal_reset', 'A handler name must not start with'],
    ['a\nb', 'A handler name must not hold control characters'],
    [' a', 'nor start or end with a space'],
    ['a ', 'nor start or end with a space'],
    [undefined, 'A handler name must be a text, got undefined'],
    [5, 'A handler name must be a text, got number'],
  ])('is not %p', (name, message) => {
    expect(() => checkHandlerName(name)).toThrow(message);
    expect(() => checkHandlerName(name)).toThrow(errorWith({ code: 'handler_name_invalid' }));
  });
});

describe('an app name', () => {
  test.each(['a', 'shop', 'Shop-2_x', '0', 'x'.repeat(48)])('may be %p', (name) =>
    expect(() => checkAppName(name)).not.toThrow(),
  );
  test.each(['', '-a', '_a', 'a.b', 'a/b', 'a b', 'é', 'x'.repeat(49)])('is not %p', (name) =>
    expect(() => checkAppName(name)).toThrow(errorWith({ code: 'config_invalid' })),
  );
});

describe('a key', () => {
  test.each([
    'a',
    ' ',
    '$where',
    'a.b',
    '__proto__',
    '😀',
    '\n',
    'x'.repeat(1024),
    'é'.repeat(512),
  ])('may be %p', (key) => expect(() => checkKey(key, 'Users')).not.toThrow());
  test.each<[unknown, string]>([
    ['', 'A key of datastore "Users" must not be empty'],
    ['x'.repeat(1025), 'must have at most 1024 bytes (1 KiB), got 1025'],
    ['é'.repeat(513), 'must have at most 1024 bytes (1 KiB), got 1026'],
    ['a\0', 'must not hold a NUL character or half a surrogate pair'],
    ['\ud800', 'must not hold a NUL character or half a surrogate pair'],
    [null, 'must be a text, got null'],
    [5, 'must be a text, got number'],
    [undefined, 'must be a text, got undefined'],
  ])('is not %p', (key, message) => {
    expect(() => checkKey(key, 'Users')).toThrow(message);
    expect(() => checkKey(key, 'Users')).toThrow(errorWith({ code: 'key_invalid' }));
  });
});

describe('an event id', () => {
  test.each(['1', 'order 1', 'a/b/c', 'ü', 'x'.repeat(500)])('may be %p', (id) =>
    expect(() => checkEventId(id)).not.toThrow(),
  );
  test.each(['', 'a\nb', 'x'.repeat(501), 'nightshift.x', 5, null, undefined])('is not %p', (id) =>
    expect(() => checkEventId(id)).toThrow(errorWith({ code: 'event_invalid' })),
  );
});

test.each<[string, boolean]>([
  ['a', true],
  ['_a1', true],
  ['A', true],
  ['', false],
  ['1a', false],
  ['a-b', false],
  ['a.b', false],
  ['$a', false],
  ['é', false],
  ['a\n', false],
])('%p is an identifier: %p', (name, is) => expect(isIdentifier(name)).toBe(is));

test('counts the bytes of a text as UTF-8 does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      expect(utf8Length(text)).toBe(Buffer.byteLength(text)),
    ),
  );
});
