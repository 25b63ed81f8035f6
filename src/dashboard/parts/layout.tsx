import { Head } from './head';
import type { Html, PageView } from '../page';
import type { Sample } from '../sampler';
import { numberText, pathTo } from './text';

interface LayoutProps {
  readonly app: string;
  readonly view: PageView;
  readonly sample: Sample | undefined;
  /** Where this page is, with its query: what the live stream is asked for. */
  readonly url: URL;
  readonly canLeave: boolean;
}

/** A whole page around its sections. */
export const Layout = ({ app, view, sample, url, canLeave }: LayoutProps): Html => {
  const frozen = url.searchParams.get('live') === 'off';
  const isLive = view.still !== true && !frozen;
  return (
    <html lang="en">
      <Head title={`${view.title} · ${app}`} live />
      <body>
        <a href="#main">Skip to content</a>
        <header>
          <a href="/">{app}</a>
          <nav aria-label="Pages" id="nav">
            <Nav current={view.nav} sample={sample} />
          </nav>
          <Serving sample={sample} canLeave={canLeave} />
        </header>
        <main id="main" data-live={isLive ? `${url.pathname}${url.search}` : undefined}>
          <div class="top">
            <div>
              {view.crumbs === undefined ? null : <small>{view.crumbs}</small>}
              <h1>{view.title}</h1>
            </div>
            <div class="acts">
              {view.actions}
              {view.still === true ? null : <Freeze url={url} frozen={frozen} />}
            </div>
          </div>
          {view.sections.map(({ id, content }) => (
            <section id={id}>{content}</section>
          ))}
        </main>
      </body>
    </html>
  );
};

const Freeze = ({ url, frozen }: { url: URL; frozen: boolean }): Html => {
  const other = new URL(url);
  if (frozen) other.searchParams.delete('live');
  else other.searchParams.set('live', 'off');
  return (
    <>
      <small role="status" id="live">
        {frozen ? 'Frozen' : 'Live'}
      </small>
      <a class="btn" href={`${other.pathname}${other.search}`}>
        {frozen ? 'Go on' : 'Freeze'}
      </a>
    </>
  );
};

const Serving = ({ sample, canLeave }: { sample: Sample | undefined; canLeave: boolean }): Html => {
  const processes = sample?.health?.processes.length;
  return (
    <div class="foot">
      {processes === undefined ? null : (
        <p class={processes === 0 ? 'error' : 'run'}>
          <i></i>
          <a href="/status">
            {processes === 0
              ? 'No worker process'
              : `${processes} worker process${processes === 1 ? '' : 'es'}`}
          </a>
        </p>
      )}
      {canLeave ? (
        <form method="post" action="/logout">
          <button>Log out</button>
        </form>
      ) : null}
    </div>
  );
};

/** The side list, with what needs somebody. */
export const Nav = ({
  current,
  sample,
}: {
  current: string | undefined;
  sample: Sample | undefined;
}): Html => {
  const failed = sample?.handlers.reduce((sum, handler) => sum + handler.failed, 0) ?? 0;
  const names = sample?.missing.length ?? 0;
  const entries: readonly [path: string, title: string, note: string][] = [
    ['/', 'Overview', ''],
    ['/events', 'Events', failed === 0 ? '' : `${numberText(failed)} failed`],
    [
      '/missing',
      '404 list',
      names === 0 ? '' : `${numberText(names)} name${names === 1 ? '' : 's'}`,
    ],
    ['/crons', 'Crons', ''],
    ['/data', 'Datastores', ''],
  ];
  return (
    <>
      {entries.map(([path, title, note]) => (
        <a href={pathTo(path)} aria-current={path === current ? 'page' : undefined}>
          {title} {note === '' ? null : <small>{note}</small>}
        </a>
      ))}
    </>
  );
};
