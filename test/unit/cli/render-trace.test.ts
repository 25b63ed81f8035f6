import pc from 'picocolors';
import { ASCII, type Symbols, UNICODE } from '../../../src/cli/io';
import { renderTrace } from '../../../src/cli/render-trace';
import type { AttemptTrace, LogTrace, StepTrace, Trace } from '../../../src/traces/trace';

const WIDTH = 100;
const AT = new Date('2026-11-21T15:47:02.578Z');

const attemptOf = (more: Partial<AttemptTrace>): AttemptTrace => ({
  ...{ attempt: 1, runId: 'r', startedAt: AT, endedAt: new Date(AT.getTime() + 80) },
  ...{ steps: [], logs: [], ...more },
});
const stepOf = (name: string, more: Partial<StepTrace> = {}): StepTrace => ({
  ...{ name, args: [], attempt: 1, startedAt: AT, ms: 15, ...more },
});
const logOf = (message: string, after: number, more: Partial<LogTrace> = {}): LogTrace => ({
  ...{ at: AT, level: 'info', message, after, ...more },
});

function render(
  attempt: Partial<AttemptTrace>,
  more: Partial<Trace> = {},
  symbols: Symbols = UNICODE,
): string[] {
  const trace: Trace = {
    ...{ id: 'signup-1', handler: 'onSignup', status: 'done', event: { name: 'Paul' } },
    ...{ attempts: [attemptOf(attempt)], ...more },
  };
  const look = { colors: pc.createColors(false), symbols, width: WIDTH };
  return renderTrace(trace, look).split('\n');
}

/** The lines below the attempt's own. */
const tree = (attempt: Partial<AttemptTrace>): string[] => render(attempt).slice(4);

it('begins with status, event and when each attempt ran', () => {
  expect(render({ value: 1 })).toEqual([
    '● done  signup-1  onSignup',
    "event      { name: 'Paul' }",
    '',
    'attempt 1  2026-11-21 15:47:02.578  80 ms',
    '└─ value  1',
  ]);
});

it('shows a cron’s moment in place of an event', () => {
  const trace: Trace = {
    id: 'c',
    handler: 'report',
    status: 'done',
    scheduledAt: AT,
    attempts: [],
  };
  const look = { colors: pc.createColors(false), symbols: ASCII, width: WIDTH };
  expect(renderTrace(trace, look).split('\n')).toEqual([
    'ok done  c  report',
    'due        2026-11-21T15:47:02.578Z; a cron has no event',
  ]);
});

it('leads to the event that emitted it', () => {
  const parent = { id: 'order-1', handler: 'onOrder' };
  expect(render({}, { parent })[2]).toBe('emitted by onOrder nightshift trace order-1');
});

it('shows steps with time, arguments and results, in the order in which they were started', () => {
  expect(
    tree({
      steps: [
        stepOf('DB::set', { args: [{ name: 'Paul' }, 'paul', 'Users'] }),
        stepOf('DB::get', { args: ['a', 'Users'], result: { name: 'A' }, ms: 2.5 }),
        stepOf('DB::get', { args: ['b', 'Users'], result: { name: 'B' }, ms: 1_234 }),
      ],
      value: undefined,
    }),
  ).toEqual([
    "├─     15 ms  DB::set { name: 'Paul' }, 'paul', 'Users'",
    "├─    2.5 ms  DB::get 'a', 'Users'",
    "│    = { name: 'A' }",
    "├─     1.2 s  DB::get 'b', 'Users'",
    "│    = { name: 'B' }",
    '└─ value  undefined',
  ]);
});

it('shows logs between the steps where they were written', () => {
  expect(
    tree({
      steps: [stepOf('first'), stepOf('second')],
      logs: [
        logOf('begins', 0, { fields: { key: 'k' } }),
        logOf('between', 1, { level: 'warn' }),
        logOf('ends', 2, { level: 'error' }),
      ],
      value: 1,
    }),
  ).toEqual([
    "├─      info  begins { key: 'k' }",
    '├─     15 ms  first',
    '├─      warn  between',
    '├─     15 ms  second',
    '├─     error  ends',
    '└─ value  1',
  ]);
});

it('leads from an emit to its event', () => {
  const child = { id: 'mail-1', handler: 'sendWelcome' };
  expect(tree({ steps: [stepOf('Event::emit', { args: [1, 'sendWelcome'], child })] })).toEqual([
    "├─     15 ms  Event::emit 1, 'sendWelcome'",
    '│    → nightshift trace mail-1',
    '└─ value  undefined',
  ]);
});

it('shows a failed step, how often it was tried, and why it failed', () => {
  const error = {
    ...{ type: 'mongodb_unavailable', message: 'MongoDB does not answer' },
    cause: { type: 'Error', message: 'ECONNREFUSED' },
  };
  expect(tree({ steps: [stepOf('DB::count', { args: ['Users'], attempt: 3, error })] })).toEqual([
    "├─     15 ms  DB::count 'Users' try 3",
    '│    ✕ mongodb_unavailable: MongoDB does not answer',
    '│    because ✕ ECONNREFUSED',
    '└─ value  undefined',
  ]);
});

it('shows each attempt, and where in the source it failed', () => {
  const error = { type: 'TypeError', message: 'not yet\nbut soon', at: 'app.ts:12:5' };
  const attempts = [attemptOf({ error }), attemptOf({ attempt: 2, value: 'at last' })];
  expect(render({}, { attempts }).slice(3)).toEqual([
    'attempt 1  2026-11-21 15:47:02.578  80 ms',
    '└─ ✕ TypeError: not yet  app.ts:12:5',
    '     but soon',
    '',
    'attempt 2  2026-11-21 15:47:02.578  80 ms',
    "└─ value  'at last'",
  ]);
});

it('shows what runs, and that more is to come', () => {
  const running = {
    ...{ attempt: 1, runId: 'r', startedAt: AT, logs: [] },
    incomplete: 'arguments and logs come when it has ended',
  };
  const step = { name: 'sleep', summary: 'sleep 30 days', attempt: 1, startedAt: AT };
  expect(render({}, { status: 'locked', attempts: [{ ...running, steps: [step] }] })).toEqual([
    '◐ locked  signup-1  onSignup',
    "event      { name: 'Paul' }",
    '',
    'attempt 1  2026-11-21 15:47:02.578',
    'arguments and logs come when it has ended',
    '├─      runs  sleep sleep 30 days',
    '└─ …',
  ]);
});

it('shows an attempt that waits without anything below it', () => {
  const waiting = { attempt: 1, runId: 'r', steps: [], logs: [] };
  expect(render({}, { status: 'new', attempts: [waiting] }).slice(3)).toEqual(['attempt 1  waits']);
});

describe('a large value', () => {
  it('is cut to the width', () => {
    const [line = ''] = tree({ steps: [stepOf('DB::set', { args: ['x'.repeat(5_000)] })] });
    expect(line).toMatch(/^├─ {5}15 ms {2}DB::set 'x+…$/);
    expect(line.length).toBeLessThanOrEqual(WIDTH);
  });

  it('that was cut when it was recorded says how large it is', () => {
    const [line] = tree({ steps: [stepOf('DB::set', { args: { bytes: 1_000_042 } })] });
    expect(line).toBe('├─     15 ms  DB::set (1,000,042 characters)');
  });
});

it('shows a query as its lambda, with the values around it', () => {
  const lambda = { lambda: '(u) =>\n  u.age > min', captures: { min: 18 } };
  expect(tree({ steps: [stepOf('DB::query', { args: [lambda, 'Users'] })] })[0]).toBe(
    "├─     15 ms  DB::query (u) => u.age > min with { min: 18 }, 'Users'",
  );
});

it('is plain text where the terminal knows nothing else', () => {
  const lines = render(
    { steps: [stepOf('Event::emit', { child: { id: 'c', handler: 'mail' } })] },
    { event: 'x'.repeat(300) },
    ASCII,
  );
  expect(lines.join('\n')).toMatch(/^[\u0020-\u007e\n]*$/);
});

it('says why an event cannot go on', () => {
  const stuck = { tries: 4, reason: 'Script execution timed out after 5000ms' };
  expect(render({}, { status: 'locked', stuck })).toContain(
    'stuck      Script execution timed out after 5000ms; tried 4 times: mend the code, and it goes on',
  );
});
