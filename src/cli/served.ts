import type { NightshiftWorker } from '../worker/create-worker';

/** What a worker process serves, as a person says it: `7 workers, 1 cron, 4 datastores`. */
export function served(serves: NightshiftWorker['serves']): string {
  return Object.entries(serves)
    .map(([kind, names]) => `${names.length} ${names.length === 1 ? kind.slice(0, -1) : kind}`)
    .join(', ');
}
