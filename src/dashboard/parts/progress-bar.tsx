import type { ShownOperation } from '../operations';
import type { Html } from '../page';
import { numberText } from './text';

/** How far it is; what failed in red. */
export const ProgressBar = ({
  of: { title, total, done, failed },
}: {
  of: Pick<ShownOperation, 'title' | 'total' | 'done' | 'failed'>;
}): Html => {
  const share = (count: number): number =>
    total === undefined || total === 0 ? 0 : Math.min(100, (count / total) * 100);
  const label = `${title}: ${numberText(done)} of ${total === undefined ? 'unknown' : numberText(total)}`;
  return (
    <svg class="bar" role="img" aria-label={label}>
      <rect class="done" width={`${share(done).toFixed(2)}%`} />
      <rect class="error" x={`${share(done).toFixed(2)}%`} width={`${share(failed).toFixed(2)}%`} />
    </svg>
  );
};
