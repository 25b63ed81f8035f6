/** How a long operation tells how far it is. The CLI draws bars from it; a log gets lines. */
export interface Progress {
  /** Starts one visible task, e.g. `'Building the Temporal CLI'`. Several may run side by side. */
  task(title: string): ProgressTask;
}

export interface ProgressTask {
  /** `fraction` from 0 to 1, or undefined while the end is not known; `note` is the present sub-step. */
  update(fraction: number | undefined, note?: string): void;
  done(note?: string): void;
  failed(note: string): void;
}

export const silentProgress: Progress = {
  task: () => ({ update: () => {}, done: () => {}, failed: () => {} }),
};
