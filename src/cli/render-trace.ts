import { inspect } from 'node:util';
import type {
  AttemptTrace,
  ErrorTrace,
  EventRef,
  LogTrace,
  StepTrace,
  Trace,
} from '../traces/trace';
import { formatDuration } from '../shared/duration';
import type { Io } from './io';

type Look = Pick<Io, 'colors' | 'symbols'> & { readonly width: number };

const MIN_WIDTH = 40;
const MS_WIDTH = 9;
const MAX_CHILDREN = 3;

/** A trace as a tree: the event, and below each attempt its steps and logs in the order in which they began. */
export function renderTrace(trace: Trace, look: Look): string {
  const { bold, dim, green, red, yellow } = look.colors;
  const { id, handler, status, attempts, parent, stuck } = trace;
  const color = status === 'done' ? green : status === 'error' ? red : yellow;
  const lines = [`${color(`${look.symbols[status]} ${status}`)}  ${id}  ${bold(handler)}`];
  const about = (label: string, text: string): number =>
    lines.push(`${dim(label.padEnd(11))}${text}`);
  if ('scheduledAt' in trace)
    about('due', `${trace.scheduledAt?.toISOString() ?? ''}; a cron has no event`);
  else about('event', shown(trace.event, look.width - 11, look));
  if (parent !== undefined)
    about('emitted by', `${parent.handler} ${dim(`nightshift trace ${parent.id}`)}`);
  if (stuck !== undefined)
    about(
      'stuck',
      red(`${stuck.reason}; tried ${stuck.tries} times: mend the code, and it goes on`),
    );
  for (const attempt of attempts) lines.push('', ...attemptLines(attempt, look));
  return lines.join('\n');
}

function attemptLines(attempt: AttemptTrace, look: Look): string[] {
  const { dim, yellow } = look.colors;
  const { startedAt, endedAt, incomplete } = attempt;
  const began = startedAt === undefined ? 'waits' : timeOf(startedAt);
  const took =
    startedAt === undefined || endedAt === undefined
      ? ''
      : formatMs(endedAt.getTime() - startedAt.getTime());
  const heads = [`attempt ${attempt.attempt}`, dim(began), dim(took)];
  const lines = [heads.filter((head) => head !== '').join('  ')];
  if (incomplete !== undefined) lines.push(yellow(incomplete));
  const entries = entriesOf(attempt, look);
  return [...lines, ...entries.map((entry, i) => branch(entry, i === entries.length - 1, look))];
}

/** Each entry is its lines; those after the first stand below it. */
type Entry = readonly string[];

function entriesOf({ steps, logs, ...end }: AttemptTrace, look: Look): Entry[] {
  const entries: Entry[] = [];
  const logsAfter = (n: number): void => {
    for (const log of logs) if (log.after === n) entries.push([logLine(log, look)]);
  };
  logsAfter(0);
  steps.forEach((step, i) => {
    entries.push(stepLines(step, look));
    logsAfter(i + 1);
  });
  if (end.error !== undefined) entries.push(errorLines(end.error, look));
  else if (end.endedAt !== undefined)
    entries.push([`${look.colors.green('value')}  ${shown(end.value, look.width - 10, look)}`]);
  else if (end.startedAt !== undefined) entries.push([look.colors.dim(look.symbols.cut)]);
  return entries;
}

function branch(entry: Entry, isLast: boolean, { colors: { dim }, symbols }: Look): string {
  const [first = '', ...rest] = entry;
  const [corner, line] = isLast ? [symbols.last, '  '] : [symbols.branch, `${symbols.trunk} `];
  return [`${dim(corner)} ${first}`, ...rest.map((text) => `${dim(line)}   ${text}`)].join('\n');
}

function stepLines({ name, args, summary, result, error, ...step }: StepTrace, look: Look): Entry {
  const { bold, dim, yellow } = look.colors;
  const tries = step.attempt > 1 ? yellow(` try ${step.attempt}`) : '';
  const ms = dim((step.ms === undefined ? 'runs' : formatMs(step.ms)).padStart(MS_WIDTH));
  const room = look.width - name.length - MS_WIDTH - 8;
  const about = args === undefined ? (summary ?? '') : shownArgs(args, room, look);
  const text = `${ms}  ${bold(name)} ${about}`.trimEnd() + tries;
  if (error !== undefined) return [text, ...errorLines(error, look)];
  const emitted = step.children ?? (step.child === undefined ? [] : [step.child]);
  if (emitted.length > 0) return [text, ...childLines(emitted, look)];
  return result === undefined
    ? [text]
    : [text, `${dim('=')} ${shown(result, look.width - 8, look)}`];
}

function childLines(emitted: readonly EventRef[], { colors: { dim }, symbols }: Look): Entry {
  const lines = emitted
    .slice(0, MAX_CHILDREN)
    .map(({ id }) => dim(`${symbols.remedy} nightshift trace ${id}`));
  const more = emitted.length - lines.length;
  return more === 0 ? lines : [...lines, dim(`  and ${more} more`)];
}

function logLine({ level, message, fields }: LogTrace, look: Look): string {
  const { cyan, red, yellow } = look.colors;
  const color = level === 'error' ? red : level === 'warn' ? yellow : cyan;
  const text =
    fields === undefined ? '' : ` ${shown(fields, look.width - message.length - 20, look)}`;
  return `${color(level.padStart(MS_WIDTH))}  ${message}${text}`;
}

function errorLines({ type, message, at, cause }: ErrorTrace, look: Look): Entry {
  const { red, dim } = look.colors;
  const [first = '', ...rest] = message.split('\n');
  const name = type === 'Error' ? '' : `${type}: `;
  const head = `${red(`${look.symbols.error} ${name}${first}`)}${at === undefined ? '' : `  ${dim(at)}`}`;
  const below =
    cause === undefined ? [] : errorLines(cause, look).map((line) => `${dim('because')} ${line}`);
  return [head, ...rest, ...below];
}

function shownArgs(args: NonNullable<StepTrace['args']>, room: number, look: Look): string {
  if (!('length' in args)) return `(${args.bytes.toLocaleString('en')} characters)`;
  return cut(args.map((value) => shown(value, room, look)).join(', '), room, look);
}

/** A value on one line. */
function shown(value: unknown, room: number, look: Look): string {
  if (isLambda(value)) {
    const names = Object.keys(value.captures).length === 0 ? '' : ` with ${inline(value.captures)}`;
    return cut(`${value.lambda.replace(/\s+/g, ' ')}${names}`, room, look);
  }
  return cut(inline(value), room, look);
}

const inline = (value: unknown): string =>
  inspect(value, { breakLength: Infinity, compact: true, depth: 6, maxStringLength: 200 });

const isLambda = (value: unknown): value is { lambda: string; captures: object } =>
  typeof value === 'object' && value !== null && 'lambda' in value && 'captures' in value;

function cut(text: string, room: number, { symbols }: Look): string {
  const width = Math.max(MIN_WIDTH, room);
  return text.length <= width ? text : `${text.slice(0, width - 1)}${symbols.cut}`;
}

const timeOf = (date: Date): string => date.toISOString().replace('T', ' ').replace('Z', '');

function formatMs(ms: number): string {
  if (ms >= 60_000) return formatDuration(Math.round(ms));
  return ms >= 1000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${ms >= 10 ? Math.round(ms) : ms.toFixed(1)} ms`;
}
