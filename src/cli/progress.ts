import { MultiBar, type SingleBar } from 'cli-progress';
import { formatDuration } from '../shared/duration';
import type { Progress, ProgressTask } from '../shared/progress';
import type { Io } from './io';

/** Moving bars on a terminal, lines elsewhere. `stop` ends the bars: nothing else may be printed before. */
export interface CliProgress extends Progress {
  stop(): void;
}

export function createProgress(io: Io): CliProgress {
  return io.interactive ? new Bars(io) : new Lines(io);
}

const TITLE_WIDTH = 26;

class Bars implements CliProgress {
  private bars: MultiBar | undefined;

  constructor(private readonly io: Io) {}

  task(title: string): ProgressTask {
    this.bars ??= this.open();
    const started = Date.now();
    const bar: SingleBar = this.bars.create(1000, 0, {
      title: title.padEnd(TITLE_WIDTH),
      note: '',
      time: '',
    });
    let value = 0;
    const show = (note: string): void =>
      bar.update(value, { note, time: formatDuration(Date.now() - started) });
    return {
      update: (fraction, note = '') => {
        if (fraction !== undefined) value = Math.round(Math.min(1, Math.max(0, fraction)) * 1000);
        show(note);
      },
      done: (note = '') => {
        value = 1000;
        show(note);
        bar.stop();
      },
      failed: (note) => {
        show(note);
        bar.stop();
      },
    };
  }

  stop(): void {
    this.bars?.stop();
    this.bars = undefined;
  }

  private open(): MultiBar {
    const { colors } = this.io;
    return new MultiBar({
      stream: process.stderr,
      format: `{title} ${colors.cyan('{bar}')} {percentage} % ${colors.dim('{time} {note}')}`,
      barCompleteChar: '━',
      barIncompleteChar: ' ',
      barsize: 24,
      fps: 5,
      hideCursor: true,
      linewrap: false,
      stopOnComplete: false,
      clearOnComplete: false,
      autopadding: true,
    });
  }
}

const LINE_STEP = 0.1;

/** One line at start, one each tenth, one at the end. */
class Lines implements CliProgress {
  constructor(private readonly io: Io) {}

  task(title: string): ProgressTask {
    const started = Date.now();
    const since = (): string => formatDuration(Date.now() - started);
    let next = LINE_STEP;
    this.io.err(`${title} …`);
    return {
      update: (fraction, note) => {
        if (fraction === undefined || fraction < next || fraction >= 1) return;
        next = Math.floor(fraction / LINE_STEP + 1) * LINE_STEP;
        this.io.err(
          `${title}: ${Math.floor(fraction * 100)} %, ${since()}${note ? `, ${note}` : ''}`,
        );
      },
      done: (note) => this.io.err(`${title}: done in ${since()}${note ? `, ${note}` : ''}`),
      failed: (note) => this.io.err(`${title}: ${note}`),
    };
  }

  stop(): void {}
}
