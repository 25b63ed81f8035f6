import type { ErrorTrace } from '../../../client';
import type { Html } from '../page';
import type { SourceLines } from '../source-lines';

interface EventErrorProps {
  readonly error: ErrorTrace;
  readonly source: SourceLines | undefined;
  readonly endedAt: Date | undefined;
}

/** Why it failed, where, and the code there. */
export const EventError = ({ error, source, endedAt }: EventErrorProps): Html => (
  <pre>
    <mark>{errorText(error)}</mark>
    {error.at === undefined ? null : `\n  at ${error.at}`}
    <Causes of={error} />
    {source === undefined ? null : (
      <>
        {endedAt !== undefined && source.changedAt > endedAt
          ? '\n  the file has changed since, so these lines may be others'
          : null}
        {'\n'}
        {source.lines.map(({ number, text, at }) => {
          const label = String(number).padStart(5);
          return at ? (
            <>
              {'\n'}
              <mark>{`${label}  ${text}`}</mark>
            </>
          ) : (
            <>
              {'\n'}
              <span class="z">{label}</span>
              {`  ${text}`}
            </>
          );
        })}
      </>
    )}
  </pre>
);

export const errorText = ({ type, message }: ErrorTrace): string =>
  type === 'Error' ? message : `${type}: ${message}`;

const Causes = ({ of: { cause } }: { of: ErrorTrace }): Html =>
  cause === undefined ? null : (
    <>
      {`\n  because ${errorText(cause)}${cause.at === undefined ? '' : `  ${cause.at}`}`}
      <Causes of={cause} />
    </>
  );
