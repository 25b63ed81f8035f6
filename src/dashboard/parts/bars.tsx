import type { ListedEvent } from '../../../client';
import type { Html } from '../page';

const BARS = 24;
const HOUR_MS = 3_600_000;
const HEIGHT = 44;
const STEP = 10;

/** Events that ended in the last hour, the failed ones in red. */
export const Bars = ({ events, now }: { events: readonly ListedEvent[]; now: number }): Html => {
  const all = bucketsOf(events, now);
  const failed = bucketsOf(
    events.filter(({ status }) => status === 'error'),
    now,
  );
  const most = Math.max(1, ...all);
  const sum = (of: readonly number[]): number => of.reduce((total, count) => total + count, 0);
  const label = `Events that ended in the last hour: ${sum(all)}, of these ${sum(failed)} failed`;
  return (
    <div class="note">
      <svg
        viewBox={`0 0 ${BARS * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path d={pathOf(all, most)} />
        <path class="error" d={pathOf(failed, most)} />
      </svg>
      <small>an hour ago</small>
      <small>events that ended, {HOUR_MS / BARS / 60_000} min a bar</small>
      <small>now</small>
    </div>
  );
};

function bucketsOf(events: readonly ListedEvent[], now: number): number[] {
  const buckets = Array.from({ length: BARS }, () => 0);
  for (const { endedAt } of events) {
    if (endedAt === undefined) continue;
    const index = Math.floor(((endedAt.getTime() - (now - HOUR_MS)) / HOUR_MS) * BARS);
    const at = Math.min(BARS - 1, index);
    if (at >= 0) buckets[at] = (buckets[at] ?? 0) + 1;
  }
  return buckets;
}

/** One upright line a bar; one event is visible beside a thousand. */
function pathOf(counts: readonly number[], most: number): string {
  return counts
    .map((count, i) => {
      if (count === 0) return '';
      const height = Math.max(2, Math.round((count / most) * (HEIGHT - 4)));
      return `M${i * STEP + STEP / 2} ${HEIGHT}v-${height}`;
    })
    .join('');
}
