import type { EventStatus } from '../../shared/status';
import type { Html } from '../page';
import { Count } from '../parts/text';
import type { ShownHandler } from './handler-reading';

/** How many events there are, each a way to the list of them. */
export const HandlerCounts = ({ numbers }: ShownHandler): Html => {
  const { name, held, waiting, running, done, failed } = numbers;
  const counts: readonly [shape: string, label: string, count: number, status: EventStatus][] = [
    ['new', 'waiting', waiting, 'new'],
    ['held', 'held', held, 'new'],
    ['locked', 'running', running, 'locked'],
    ['done', 'done, 1 h', done, 'done'],
    ['error', 'failed, 1 h', failed, 'error'],
  ];
  return (
    <div class="panel">
      <dl class="nums">
        {counts.map(([shape, label, count, status]) => (
          <div>
            <dt class={shape}>
              <i></i>
              {label}
            </dt>
            <dd>
              <a
                href={`/events?${new URLSearchParams({ handler: name, status }).toString()}`}
                aria-label={`${label}: ${count}`}
              >
                <Count of={count} />
              </a>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
};
