import { Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { Access } from './access';
import { document } from './document';
import { formOf } from './form';
import { SESSION_COOKIE } from './guard';
import { Head } from './parts/head';
import type { Html } from './page';

const KEPT_S = 30 * 86_400;

/** The way in with a token, once; then a cookie that no script can read. */
export function login(access: Access): Hono {
  const app = new Hono();
  app.get('/login', (context) =>
    context.html(document(<Login to={ownPath(context.req.query('to'))} wrong={false} />)),
  );
  app.post('/login', async (context) => {
    const form = await formOf(context);
    const to = ownPath(form.get('to'));
    const role = access.roleOfToken(form.get('token') ?? '');
    if (role === undefined) return context.html(document(<Login to={to} wrong={true} />), 401);
    setCookie(context, SESSION_COOKIE, access.sessionOf(role), {
      httpOnly: true,
      sameSite: 'Strict',
      secure: new URL(context.req.url).protocol === 'https:',
      path: '/',
      maxAge: KEPT_S,
    });
    return context.redirect(to, 303);
  });
  app.post('/logout', (context) => {
    deleteCookie(context, SESSION_COOKIE, { path: '/' });
    return context.redirect('/login', 303);
  });
  return app;
}

/** A place of this server, and of no other. */
const ownPath = (to: unknown): string =>
  typeof to === 'string' && /^\/(?![/\\])/.test(to) ? to : '/';

const Login = ({ to, wrong }: { to: string; wrong: boolean }): Html => (
  <html lang="en">
    <Head title="Log in · nightshift" />
    <body class="plain">
      <main id="main">
        <h1>nightshift</h1>
        <form method="post" action="/login" class="panel note">
          <input type="hidden" name="to" value={to} />
          <p>
            <label>
              Token
              <br />
              <input
                type="password"
                name="token"
                required
                autofocus
                autocomplete="current-password"
                aria-describedby={wrong ? 'wrong' : undefined}
              />
            </label>
          </p>
          {wrong ? (
            <p id="wrong" class="error" role="alert">
              This is not the token: see NIGHTSHIFT_TOKEN of whoever started the server.
            </p>
          ) : null}
          <button class="go">Log in</button>
        </form>
      </main>
    </body>
  </html>
);
