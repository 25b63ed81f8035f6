import type { DryRun } from '../rerun/dry-run';

/** What a dashboard can do beside the app's source, on a developer's machine. */
export interface Project {
  /** Runs a past event on the present code, with nothing done. */
  readonly dryRun: (id: string) => Promise<DryRun>;
  /** Saves an event's trace as a test; resolves to its file, as seen from the project's folder. */
  readonly saveTrace: (id: string) => Promise<string>;
}
