import { nameOfValue } from '../definitions/check-value';
import { InvalidInputError } from '../shared/errors';
import { HashedPassword } from '../shared/password';
import { runStep } from './local-activities';
import { step } from './step';

const CHECK = 'Password.check(password, text)';

function checkText(text: unknown, call: string): void {
  if (typeof text !== 'string') throw wrong(call, 'a String as "text"', text);
}

function checkPassword(password: unknown): void {
  if (!(password instanceof HashedPassword))
    throw wrong(CHECK, 'a Password as "password"', password);
}

const wrong = (call: string, expected: string, got: unknown): InvalidInputError =>
  new InvalidInputError('usage', `${call}: expected ${expected}, got ${nameOfValue(got)}`);

/** Passwords: hashed with argon2id before they are stored, and never shown. */
export const Password = Object.freeze({
  /**
   * Hashes `text` for a `t.Password` field.
   * @throws {InvalidInputError} code `usage` for what is no text
   * @example await DB.set({ name: 'Paul', secret: await Password.hash(event.secret) }, 'paul', Accounts)
   */
  hash: (text: string): Promise<HashedPassword> =>
    step(
      'Password.hash',
      () => {
        checkText(text, 'Password.hash(text)');
        return runStep('Password::hash', {}, [text]);
      },
      (hash) => hash,
    ),
  /**
   * True if `text` is the text that `password` was made from.
   * @throws {InvalidInputError} code `usage` for what is no password, or no text
   * @example
   * const account = await DB.get('paul', Accounts);
   * const right = account !== undefined && (await Password.check(account.secret, event.secret));
   */
  check: (password: HashedPassword, text: string): Promise<boolean> =>
    step(
      'Password.check',
      () => {
        checkPassword(password);
        checkText(text, CHECK);
        return runStep('Password::check', {}, [password, text]);
      },
      (right) => right,
    ),
});
