import { hash, verify } from '@node-rs/argon2';
import { HashedPassword } from '../shared/password';
import { atEdge } from './at-edge';

export interface PasswordActivities {
  'Password::hash'(text: string): Promise<HashedPassword>;
  'Password::check'(password: HashedPassword, text: string): Promise<boolean>;
}

export function createPasswordActivities(): PasswordActivities {
  return atEdge<PasswordActivities>({
    // The library's defaults are argon2id with OWASP's parameters.
    'Password::hash': async (text) => new HashedPassword(await hash(text)),
    'Password::check': (password, text) => verify(HashedPassword.reveal(password), text),
  });
}
