import { inspect } from 'node:util';
import { HashedPassword } from '../../../src/shared/password';

const SECRET = '$argon2id$v=19$secret';
const password = new HashedPassword(SECRET);

test.each<[string, string]>([
  ['JSON', JSON.stringify({ password })],
  ['String()', String(password)],
  ['a template', `${password.toString()} ${String([password])}`],
  ['concatenation', '' + (password as unknown as string)],
  ['inspect', inspect({ password }, { showHidden: true, depth: 5 })],
  ['its members', inspect(Object.getOwnPropertyDescriptors(password)) + '<password>'],
  ['a copy', JSON.stringify({ ...password }) + '<password>'],
  ['an error message', new Error(`wrong: ${String(password)}`).message],
])('shows nothing in %s', (_where, text) => {
  expect(text).toContain('<password>');
  expect(text).not.toContain('argon2id');
});

test('gives the hash only to who asks for it', () => {
  expect(HashedPassword.reveal(password)).toBe(SECRET);
});

test('cannot be changed', () => {
  expect(Object.isFrozen(password)).toBe(true);
});
