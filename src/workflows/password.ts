import type { HashedPassword } from '../shared/password';
import { steps } from './local-activities';
import { step } from './step';

/** Passwords: hashed with argon2id before they are stored, and never shown. */
export const Password = Object.freeze({
  /**
   * Hashes `text` for a `t.Password` field.
   * @example await DB.set({ name: 'Paul', secret: await Password.hash(event.secret) }, 'paul', Accounts)
   */
  hash: (text: string): Promise<HashedPassword> =>
    step(
      'Password.hash',
      () => steps['Password::hash'](text),
      (hash) => hash,
    ),
  /** True if `text` is the text that `password` was made from. */
  check: (password: HashedPassword, text: string): Promise<boolean> =>
    step(
      'Password.check',
      () => steps['Password::check'](password, text),
      (right) => right,
    ),
});
