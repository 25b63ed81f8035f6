import type { ListedEvent } from '../../../client';
import type { Html } from '../page';

const STEP = 8;
const WIDTH = 6;
const HEIGHT = 24;

/** The last runs of a cron, oldest left, each a bar; where one failed, the row of bars has a gap with a red one. */
export const RunBars = ({ runs, most }: { runs: readonly ListedEvent[]; most: number }): Html => {
  const places = [...runs].reverse().map((run, i) => ({ run, x: (most - runs.length + i) * STEP }));
  const path = (which: (run: ListedEvent) => boolean, y: number): string =>
    places.map(({ run, x }) => (which(run) ? `M${x} ${y}h${WIDTH}` : '')).join('');
  return (
    <svg
      viewBox={`0 0 ${most * STEP} ${HEIGHT}`}
      class="hist"
      role="img"
      aria-label={runsText(runs)}
    >
      <path d={path((run) => !isFailed(run) && run.endedAt !== undefined, 18)} />
      <path class="locked" d={path(({ endedAt }) => endedAt === undefined, 18)} />
      <path class="error" d={path(isFailed, HEIGHT / 2)} />
    </svg>
  );
};

const isFailed = ({ status }: ListedEvent): boolean => status === 'error' || status === 'missing';

/** `10 runs: 8 done, 1 failed, 1 running`. */
function runsText(runs: readonly ListedEvent[]): string {
  if (runs.length === 0) return 'no run yet';
  const count = (of: (run: ListedEvent) => boolean): number => runs.filter(of).length;
  const parts: readonly [number, string][] = [
    [count(({ status }) => status === 'done'), 'done'],
    [count(isFailed), 'failed'],
    [count(({ endedAt }) => endedAt === undefined), 'not ended'],
  ];
  const told = parts.filter(([of]) => of > 0).map(([of, what]) => `${of} ${what}`);
  return `${runs.length} run${runs.length === 1 ? '' : 's'}: ${told.join(', ')}`;
}
