import type { Html } from '../page';
import { Action } from '../parts/form';
import { pathTo } from '../parts/text';
import type { ShownHandler } from './handler-reading';

const MAX_ROWS = 16;

/** Emits an event by hand, or runs a cron now. */
export const HandlerEmit = ({ numbers: { name, kind }, payload, request }: ShownHandler): Html => {
  if (request.role === 'read') return null;
  if (kind === 'cron')
    return (
      <>
        <h2>Run</h2>
        <div class="panel note">
          <p>Once, now, whatever its time and also while it is paused.</p>
          <Action to={`${pathTo('/handlers', name)}/run`} name="run now">
            <button>Run now</button>
          </Action>
        </div>
      </>
    );
  const { refused } = request;
  const typed = refused?.field('event') ?? payload;
  return (
    <>
      <h2>Emit</h2>
      <form method="post" action={pathTo('/handlers', name)} class="panel note" aria-label="emit">
        <p>
          <label for="event">Event, as JSON</label>
          <textarea
            id="event"
            name="event"
            class="id wide"
            spellcheck={false}
            rows={Math.min(MAX_ROWS, Math.max(3, typed.split('\n').length))}
            aria-describedby={refused === undefined ? undefined : 'refused'}
            aria-invalid={refused === undefined ? undefined : 'true'}
            autofocus={refused !== undefined}
          >
            {typed}
          </textarea>
          {refused === undefined ? null : (
            <span id="refused" class="error" role="alert">
              {refused.message}
            </span>
          )}
        </p>
        <div class="acts">
          <label>
            after{' '}
            <input name="delay" size={10} placeholder="0 s" value={refused?.field('delay') ?? ''} />
          </label>
          <button>Emit</button>
        </div>
      </form>
    </>
  );
};
