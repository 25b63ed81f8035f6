import type { AttemptTrace, EventRef, LogTrace, StepTrace } from '../../../client';
import type { Html, PageRequest } from '../page';
import { countText, cutText, lineOf, numberText, pathTo, textOf } from '../parts/text';
import { errorText } from './event-error';

const SHOWN = 200;
const LONG_VALUE = 20_000;
const MAX_CHILDREN = 10;
/** Of the scale, in percent: a short step is seen too. */
const MIN_WIDTH = 0.8;

/** What an attempt did, each step a bar in one scale of time; its logs stand where they were written. */
export const Steps = ({
  attempt,
  request,
}: {
  attempt: AttemptTrace;
  request: PageRequest;
}): Html => {
  const { steps, logs, error, startedAt, incomplete } = attempt;
  if (startedAt === undefined) return <p class="panel note">This attempt has not begun.</p>;
  const from = firstOf(request, steps.length);
  const end = Math.min(steps.length, from + SHOWN);
  const scale = scaleOf(attempt, startedAt, request.now());
  const matters = mattersOf(attempt);
  const failing = error === undefined ? undefined : steps.findLastIndex((step) => step.error);
  const row = (i: number): Html => {
    const step = steps[i];
    return step === undefined ? null : <Step {...{ step, scale }} open={i === matters} />;
  };
  const rows: Html[] = logsAt(logs, 0, from === 0).map((log) => <Log {...{ log, scale }} />);
  for (let i = from; i < end; i++) {
    rows.push(row(i));
    rows.push(...logsAt(logs, i + 1, true).map((log) => <Log {...{ log, scale }} />));
  }
  if (failing !== undefined && failing >= end) rows.push(row(failing));
  if (error !== undefined && error.type !== 'cancelled')
    rows.push(<Ending error={errorText(error)} at={error.at} />);
  return (
    <>
      {rows.length === 0 ? (
        <p class="panel note">
          {attempt.endedAt === undefined ? 'No step has ended yet.' : 'It took no recorded step.'}
        </p>
      ) : (
        <div class="panel">{rows}</div>
      )}
      {incomplete === undefined ? null : <p>{sentence(incomplete)}</p>}
      <Rest {...{ from, end, attempt, request }} />
    </>
  );
};

interface Scale {
  readonly from: number;
  readonly ms: number;
}

/** From the attempt's start to its end, or to now. */
function scaleOf({ steps, endedAt }: AttemptTrace, startedAt: Date, now: number): Scale {
  const from = startedAt.getTime();
  const ends = steps.map(({ startedAt: at, ms = 0 }) => at.getTime() + ms);
  const to = ends.reduce((last, at) => Math.max(last, at), endedAt?.getTime() ?? now);
  return { from, ms: Math.max(1, to - from) };
}

/** The one that is shown open: what failed, else what took longest. */
function mattersOf({ steps, error, endedAt }: AttemptTrace): number {
  if (endedAt === undefined) return -1;
  const failed = error === undefined ? -1 : steps.findLastIndex((step) => step.error !== undefined);
  if (failed >= 0) return failed;
  const most = steps.reduce((longest, { ms = 0 }) => Math.max(longest, ms), 0);
  return most === 0 ? -1 : steps.findIndex(({ ms = 0 }) => ms === most);
}

const logsAt = (logs: readonly LogTrace[], after: number, shown: boolean): LogTrace[] =>
  shown ? logs.filter((log) => log.after === after) : [];

const firstOf = (request: PageRequest, count: number): number => {
  const from = Number(request.query('from') ?? 0);
  return Number.isInteger(from) && from > 0 && from < count ? from : 0;
};

const Bar = ({ scale, at, ms }: { scale: Scale; at: number; ms: number }): Html => {
  const width = Math.min(100, Math.max(MIN_WIDTH, (ms / scale.ms) * 100));
  const x = Math.min(100 - width, Math.max(0, ((at - scale.from) / scale.ms) * 100));
  return (
    <svg aria-hidden="true">
      <rect x={`${x.toFixed(2)}%`} width={`${width.toFixed(2)}%`} />
    </svg>
  );
};

const Step = ({ step, scale, open }: { step: StepTrace; scale: Scale; open: boolean }): Html => {
  const { error, startedAt, ms, attempt } = step;
  const shape = error !== undefined ? 'error' : ms === undefined ? 'locked' : 'done';
  const at = startedAt.getTime();
  return (
    <details class={`step ${shape}`} open={open}>
      <summary>
        <i></i>
        <span class="id">
          {titleOf(step)}
          {attempt > 1 ? ` · try ${attempt}` : ''}
        </span>
        <Bar scale={scale} at={at} ms={ms ?? scale.from + scale.ms - at} />
        <span class="n">{ms === undefined ? 'runs' : msText(ms)}</span>
      </summary>
      <Body step={step} />
    </details>
  );
};

/** As the Temporal UI shows it, or as it was called. */
function titleOf({ name, summary, args }: StepTrace): string {
  if (summary !== undefined) return summary.startsWith(name) ? summary : `${name} ${summary}`;
  return Array.isArray(args) ? `${name}(${args.map(lineOf).join(', ')})` : name;
}

const Body = ({ step: { args, result, error, child, children } }: { step: StepTrace }): Html => {
  const lines: string[] = [];
  if (Array.isArray(args)) for (const arg of args) lines.push(`argument  ${shown(arg)}`);
  else if (args !== undefined)
    lines.push(`arguments are too large: ${numberText((args as { bytes: number }).bytes)} bytes`);
  if (result !== undefined) lines.push(`result    ${shown(result)}`);
  const emitted: readonly EventRef[] = children ?? (child === undefined ? [] : [child]);
  return (
    <pre>
      {error === undefined ? null : (
        <>
          <mark>{errorText(error)}</mark>
          {`${error.at === undefined ? '' : `  ${error.at}`}\n`}
        </>
      )}
      {lines.join('\n')}
      {emitted.slice(0, MAX_CHILDREN).map(({ id, handler }) => (
        <>
          {'\n→ '}
          <a href={pathTo('/events', id)}>{`${handler} ${id}`}</a>
        </>
      ))}
      {emitted.length > MAX_CHILDREN
        ? `\n  and ${numberText(emitted.length - MAX_CHILDREN)} more`
        : ''}
      {lines.length === 0 && emitted.length === 0 && error === undefined
        ? 'Neither arguments nor a result are known.'
        : ''}
    </pre>
  );
};

/** A lambda as it was written, with the values around it. */
function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('lambda' in value && 'captures' in value))
    return indented(textOf(value));
  const { lambda, captures } = value as { lambda: string; captures: object };
  const names = Object.keys(captures).length === 0 ? '' : ` with ${textOf(captures)}`;
  return indented(`${lambda}${names}`);
}

const indented = (text: string): string =>
  cutText(text, LONG_VALUE).replaceAll('\n', `\n${' '.repeat(10)}`);

const Log = ({ log, scale }: { log: LogTrace; scale: Scale }): Html => {
  const { at, level, message, fields } = log;
  const shape = level === 'error' ? 'error' : level === 'warn' ? 'held' : 'log';
  return (
    <details class={`step log ${shape}`}>
      <summary>
        <i></i>
        <span class="id">{`log.${level} ${message}`}</span>
        <Bar scale={scale} at={at.getTime()} ms={0} />
        <span class="n"></span>
      </summary>
      <pre>{fields === undefined ? message : `${message}\n${indented(textOf(fields))}`}</pre>
    </details>
  );
};

/** The last line: what the handler threw. */
const Ending = ({ error, at }: { error: string; at: string | undefined }): Html => (
  <details class="step error">
    <summary>
      <i></i>
      <span class="id">{`${error.split('\n')[0]}${at === undefined ? '' : `, ${at}`}`}</span>
      <svg aria-hidden="true">
        <rect x={`${100 - MIN_WIDTH}%`} width={`${MIN_WIDTH}%`} />
      </svg>
      <span class="n"></span>
    </summary>
    <pre>
      <mark>{error}</mark>
    </pre>
  </details>
);

const Rest = ({
  from,
  end,
  attempt,
  request,
}: {
  from: number;
  end: number;
  attempt: AttemptTrace;
  request: PageRequest;
}): Html => {
  const { length } = attempt.steps;
  if (length <= SHOWN) return null;
  const to = (first: number): string => {
    const a = request.query('a');
    return `?${a === undefined ? '' : `a=${encodeURIComponent(a)}&`}from=${first}`;
  };
  return (
    <p class="acts">
      <span>{`Steps ${numberText(from + 1)} to ${numberText(end)} of ${numberText(length)}.`}</span>
      {from > 0 ? <a href={to(Math.max(0, from - SHOWN))}>Those before</a> : null}
      {end < length ? (
        <a href={to(end)}>{`The next ${countText(Math.min(SHOWN, length - end), 'step')}`}</a>
      ) : null}
    </p>
  );
};

/** As the trace says it, with a capital and a full stop. */
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const msText = (ms: number): string => {
  if (ms >= 60_000) return `${Math.round(ms / 60_000)} min`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms >= 10 ? Math.round(ms) : ms.toFixed(1)} ms`;
};
