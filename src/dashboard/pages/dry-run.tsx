import type { DryRun } from '../../rerun/dry-run';
import { NotFoundError } from '../../shared/errors';
import type { Action } from '../action';
import type { Html, Page } from '../page';
import type { Project } from '../project';
import { countText, lineOf, pathTo } from '../parts/text';

/** What a past event would do on the present code: then and now, side by side. */
export const dryRunPage: Page = {
  path: '/events/:id/dry-run',
  async show(request) {
    const id = request.param('id');
    const run = await projectOf(request.project).dryRun(id);
    return {
      title: 'Dry run',
      crumbs: (
        <>
          <a href="/events">Events</a> /{' '}
          <a href={pathTo('/handlers', run.handler)}>{run.handler}</a> /{' '}
          <a href={pathTo('/events', id)}>{id}</a>
        </>
      ),
      nav: '/events',
      still: true,
      sections: [
        { id: 'outcome', content: <Outcome run={run} /> },
        { id: 'compared', content: <Compared run={run} /> },
        { id: 'not-done', content: <NotDone run={run} /> },
      ],
    };
  },
};

export const saveTraceAction: Action = {
  path: '/events/:id/save',
  async run(request) {
    const id = request.param('id');
    const file = await projectOf(request.project).saveTrace(id);
    return `${pathTo('/events', id)}?saved=${encodeURIComponent(file)}`;
  },
};

function projectOf(project: Project | undefined): Project {
  if (project !== undefined) return project;
  throw new NotFoundError(
    'app_not_found',
    'This dashboard does not know where the source of the app is',
    {
      remedies: [
        'start it beside the app: nightshift dev app.ts',
        'or: nightshift dashboard --app app.ts',
      ],
    },
  );
}

const Outcome = ({ run }: { run: DryRun }): Html => (
  <div class="panel note">
    <p>
      <b class={run.differs ? 'missing' : 'done'}>
        <i></i>
        {run.differs ? 'It would do otherwise' : 'It would do the same'}
      </b>{' '}
      on the present code and the present data, in place of attempt {run.attempt}. Nothing was
      written, emitted or called.
      {run.stopped === undefined ? null : <> It came to no end: {run.stopped}.</>}
      {run.notes.map((note) => (
        <small> {note}.</small>
      ))}
    </p>
  </div>
);

/** Writes, emits and the end; what is only on one side is marked on it. */
const Compared = ({ run }: { run: DryRun }): Html => (
  <>
    <h2>Writes, emits and the end</h2>
    <div class="panel">
      <table class="compared">
        <thead>
          <tr>
            <th>Then</th>
            <th>Now</th>
          </tr>
        </thead>
        <tbody>
          {sidesOf(run.lines).map(({ then, now, same }) => (
            <tr>
              <td class="id">{same ? then : <Mark text={then} />}</td>
              <td class="id">{same ? now : <Mark text={now} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </>
);

const Mark = ({ text }: { text: string | undefined }): Html =>
  text === undefined ? null : <mark>{text}</mark>;

interface Sides {
  readonly then?: string;
  readonly now?: string;
  readonly same: boolean;
}

/** What came in the place of something stands beside it. */
function sidesOf(lines: DryRun['lines']): Sides[] {
  const sides: Sides[] = [];
  let gone: string[] = [];
  const flush = (): void => {
    sides.push(...gone.map((then) => ({ then, same: false })));
    gone = [];
  };
  for (const { kind, text } of lines) {
    const then = kind === 'new' ? gone.shift() : undefined;
    if (kind === 'gone') gone.push(text);
    else if (kind === 'new')
      sides.push({ ...(then === undefined ? {} : { then }), now: text, same: false });
    else {
      flush();
      sides.push({ then: text, now: text, same: true });
    }
  }
  flush();
  return sides;
}

const NotDone = ({ run }: { run: DryRun }): Html => {
  if (run.notDone.length === 0) return null;
  return (
    <>
      <h2>{countText(run.notDone.length, 'activity call')}, not made</h2>
      <ul class="panel rows">
        {run.notDone.map(({ name, args, answer }) => (
          <li class="log">
            <i></i>
            <p>
              <span class="id">
                {name} {lineOf(args)}
              </span>
              <small>
                {answer === 'past' ? 'answered as it was then' : 'nobody knows its answer'}
              </small>
            </p>
          </li>
        ))}
      </ul>
    </>
  );
};
