import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import type { Access, Role } from './access';
import { refused } from './problem';

export const SESSION_COOKIE = 'nightshift';

/** What every handler finds in its context. */
export interface DashboardEnv {
  Variables: { role: Role };
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
/** What can be seen without a token. */
const OPEN_PATHS = /^\/(login$|assets\/)/;

/** No page runs or loads anything that is not this server's own. */
export const headers = (): MiddlewareHandler =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: 'DENY',
    referrerPolicy: 'same-origin',
    strictTransportSecurity: false, // it may be served without TLS, on this machine
  });

/**
 * A server that only this machine can reach answers to this machine's names only: another name that leads here belongs
 * to a foreign page that wants to read it (DNS rebinding).
 */
export const localNames =
  (isLocal: boolean): MiddlewareHandler =>
  async (context, next) => {
    if (isLocal && !LOOPBACK.test(context.req.header('host') ?? ''))
      return refused(context, 'host_refused', 'This server answers to localhost only', [
        'open it as http://localhost or http://127.0.0.1',
      ]);
    return next();
  };

/** No foreign page changes anything: browsers say where a request comes from, other programs need not. */
export const ownOrigin = (): MiddlewareHandler => async (context, next) => {
  if (SAFE_METHODS.includes(context.req.method) || isOwn(context)) return next();
  return refused(context, 'origin_refused', 'This request comes from another page');
};

function isOwn({ req }: Context): boolean {
  const origin = req.header('origin');
  if (origin !== undefined)
    return URL.canParse(origin) && new URL(origin).host === req.header('host');
  const site = req.header('sec-fetch-site');
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** Nobody without a token, nor changes with one that is for looking only. `looks`: a POST here changes nothing. */
export const admitted =
  (access: Access, { looks = false } = {}): MiddlewareHandler<DashboardEnv> =>
  async (context, next) => {
    const role = roleOf(context, access);
    const { path, method } = context.req;
    if (role !== undefined) context.set('role', role);
    if (OPEN_PATHS.test(path)) return next();
    if (role === undefined) {
      const { pathname, search } = new URL(context.req.url);
      if (wantsPage(context))
        return context.redirect(`/login?to=${encodeURIComponent(pathname + search)}`);
      return refused(context, 'token_needed', 'This server needs a token', [
        'send it as: Authorization: Bearer <NIGHTSHIFT_TOKEN>',
      ]);
    }
    if (role === 'read' && !looks && !SAFE_METHODS.includes(method))
      return refused(context, 'read_only', 'This token is for looking only');
    return next();
  };

function roleOf(context: Context, access: Access): Role | undefined {
  if (!access.needsToken) return 'all';
  const bearer = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) return access.roleOfToken(bearer.trim());
  const session = getCookie(context, SESSION_COOKIE);
  return session === undefined ? undefined : access.roleOfSession(session);
}

/** A browser that goes to a page, in contrast to a program. */
export const wantsPage = ({ req }: Context): boolean =>
  req.header('accept')?.includes('text/html') === true;
