import type { Html } from '../page';
import { ProgressBar } from '../parts/progress-bar';
import { countText, numberText, pathTo } from '../parts/text';
import type { ShownHandler } from './handler-reading';

/** Redrives and resumes of this handler that run. */
export const HandlerWork = ({ numbers, work }: ShownHandler): Html =>
  work.map(({ kind, shown }) => (
    <div class="panel">
      <div class="note">
        <p>
          <a href={pathTo('/operations', kind, numbers.name)}>{shown.title}</a> is {shown.state}
          {shown.total === undefined
            ? '.'
            : `: ${numberText(shown.done)} of ${countText(shown.total, shown.unit)}.`}
        </p>
        <a class="btn" href={pathTo('/operations', kind, numbers.name)}>
          Watch
        </a>
      </div>
      <ProgressBar of={shown} />
    </div>
  ));
