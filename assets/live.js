// Keeps a page as its server shows it: replaces the sections that have changed, unless somebody is busy in them.
const main = document.querySelector('main[data-live]');
const mark = document.getElementById('live');
const waiting = new Map();

/** What somebody has typed or chosen is theirs. */
function isTouched(field) {
  if (field.type === 'checkbox' || field.type === 'radio')
    return field.checked !== field.defaultChecked;
  if (field.options === undefined) return field.value !== field.defaultValue;
  const options = [...field.options];
  return (
    field.selectedIndex !==
    Math.max(
      0,
      options.findIndex((option) => option.defaultSelected),
    )
  );
}

/** Replacing what is read, typed in or pointed at would pull it from under the reader. */
function isBusy(section) {
  const active = document.activeElement;
  if (active !== null && active !== document.body && section.contains(active)) return true;
  if (section.contains(getSelection()?.anchorNode ?? null) && !getSelection().isCollapsed)
    return true;
  if ([...section.querySelectorAll('input, textarea, select')].some(isTouched)) return true;
  return section.matches(':hover') && section.querySelector('table, form') !== null;
}

function replace(id, html) {
  const section = document.getElementById(id);
  if (section === null) return;
  const fresh = document.createElement('template');
  fresh.innerHTML = html;
  if (textOf(fresh) === textOf(section)) {
    waiting.delete(id);
    return;
  }
  if (isBusy(section)) {
    waiting.set(id, html);
    return;
  }
  waiting.delete(id);
  const open = [...section.querySelectorAll('details')].map((details) => details.open);
  section.innerHTML = html; // from this server, where every value was escaped
  section.querySelectorAll('details').forEach((details, i) => {
    if (open[i] !== undefined) details.open = open[i];
  });
}

/** Ages go on by themselves. */
const textOf = (element) => element.innerHTML.replace(/( data-ago="[^"]*">)[^<]*/g, '$1');

function say(text) {
  if (mark !== null && mark.textContent !== text) mark.textContent = text;
}

if (main !== null) {
  const stream = new EventSource(`/live?page=${encodeURIComponent(main.dataset.live)}`);
  const alive = () => say(waiting.size === 0 ? 'Live' : 'Changed; move away to see');
  stream.addEventListener('same', alive);
  stream.addEventListener('sections', ({ data }) => {
    for (const [id, html] of Object.entries(JSON.parse(data))) replace(id, html);
    alive();
  });
  stream.addEventListener('still', () => {
    stream.close();
    say('Ended');
  });
  stream.addEventListener('failed', () => say('The server cannot show it now'));
  stream.addEventListener('error', () => say('Connection lost, trying again'));
  setInterval(() => {
    for (const [id, html] of waiting) replace(id, html);
  }, 500);
}

/** As the server writes it. */
function duration(ms) {
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Number((ms / 3_600_000).toFixed(1))} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

if (main !== null)
  setInterval(() => {
    for (const time of main.querySelectorAll('time[data-ago]')) {
      const text = duration(Math.max(0, Date.now() - Date.parse(time.dateTime)));
      if (time.textContent !== text) time.textContent = text;
    }
  }, 1000);
