import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a visitor may do. */
export type Role = 'all' | 'read';

export interface Tokens {
  /** Whoever has it may do everything. */
  readonly token?: string;
  /** Whoever has it may look, and change nothing. */
  readonly readToken?: string;
}

/** Who may come in, and what they may do. */
export interface Access {
  /** False: everybody who can reach the address may do everything. */
  readonly needsToken: boolean;
  roleOfToken(token: string): Role | undefined;
  /** What a browser keeps in place of the token, which is not in it. */
  sessionOf(role: Role): string;
  roleOfSession(session: string): Role | undefined;
}

const ROLES: readonly Role[] = ['all', 'read'];

export function createAccess({ token, readToken }: Tokens): Access {
  const secrets: Record<Role, string | undefined> = { all: token, read: readToken };
  const session = (role: Role): string =>
    createHmac('sha256', secrets[role] ?? '')
      .update(`nightshift session: ${role}`)
      .digest('base64url');
  const roleWith = (given: string, secret: (role: Role) => string): Role | undefined =>
    ROLES.find((role) => secrets[role] !== undefined && isSame(given, secret(role)));
  return {
    needsToken: token !== undefined || readToken !== undefined,
    roleOfToken: (given) => roleWith(given, (role) => secrets[role] ?? ''),
    sessionOf: session,
    roleOfSession: (given) => roleWith(given, session),
  };
}

/** In a time that tells nothing of where they differ, or of their lengths. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
