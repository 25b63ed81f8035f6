import { ApplicationFailure } from '@temporalio/common';
import {
  ConfigError,
  ConflictError,
  hasCode,
  InvalidInputError,
  messageOf,
  NightshiftError,
  NotFoundError,
} from '../../../src/shared/errors';

test.each([NightshiftError, ConfigError, InvalidInputError, NotFoundError, ConflictError])(
  '%p has a name of its own, a code, details and remedies',
  (Class) => {
    const cause = new Error('below');
    const error = new Class('usage', 'Wrong', { cause, details: { a: 1 }, remedies: ['do x'] });
    expect(error).toBeInstanceOf(NightshiftError);
    expect(error).toMatchObject({ name: Class.name, code: 'usage', message: 'Wrong', cause });
    expect(error).toMatchObject({ details: { a: 1 }, remedies: ['do x'] });
    expect(new Class('usage', 'Wrong')).toMatchObject({ details: {}, remedies: [] });
  },
);

test('finds a code in the chain of causes, ours or that of a Temporal failure', () => {
  const ours = new InvalidInputError('key_invalid', 'x');
  const crossed = ApplicationFailure.create({ message: 'x', type: 'key_invalid' });
  for (const error of [
    ours,
    crossed,
    new Error('a', { cause: new Error('b', { cause: crossed }) }),
  ]) {
    expect(hasCode(error, 'key_invalid')).toBe(true);
    expect(hasCode(error, 'record_invalid')).toBe(false);
  }
  for (const nothing of [undefined, null, 'key_invalid', {}]) {
    expect(hasCode(nothing, 'key_invalid')).toBe(false);
  }
});

test('survives a chain of causes that bites its own tail', () => {
  const error = new Error('a');
  error.cause = error;
  expect(hasCode(error, 'key_invalid')).toBe(false);
});

const oddMessage = Object.assign(new Error(), { message: 5 as never });

test.each<[unknown, string]>([
  [new Error('text'), 'text'],
  [new TypeError(), 'TypeError'],
  ['text', 'text'],
  [undefined, 'undefined'],
  [null, 'null'],
  [5, '5'],
  [Symbol('s'), 'Symbol(s)'],
  [{ a: 1 }, '[object Object]'],
  [oddMessage, '5'],
])('the message of a thrown %p is %p', (thrown, message) =>
  expect(messageOf(thrown)).toBe(message),
);

test.each<[string, unknown]>([
  ['an object without prototype', Object.create(null)],
  [
    'an object whose toString throws',
    {
      toString: () => {
        throw new Error('no');
      },
    },
  ],
])('the message of %s is some text', (_what, thrown) => {
  expect(typeof messageOf(thrown)).toBe('string');
});
