import type { DatastoreActivities } from './datastore-activities';
import { createDatastoreActivities } from './datastore-activities';
import { createEventActivities, type EventActivities } from './event-activities';
import { createMigrationActivities, type MigrationActivities } from './migration-activities';
import { createQueueActivities, type QueueActivities } from './queue-activities';
import { createPasswordActivities, type PasswordActivities } from './password-activities';
import { createRedriveActivities, type RedriveActivities } from './redrive-activities';
import { createResumeActivities, type ResumeActivities } from './resume-activities';
import type { ActivityDeps } from './deps';
import { withinRoom } from './within-room';

export type Activities = DatastoreActivities &
  EventActivities &
  MigrationActivities &
  QueueActivities &
  PasswordActivities &
  RedriveActivities &
  ResumeActivities;

/** Everything that handlers and our workflows can do outside the sandbox. */
export function createActivities(deps: ActivityDeps): Activities {
  return {
    ...withinRoom(createDatastoreActivities(deps)),
    ...createEventActivities(deps),
    ...createMigrationActivities(deps),
    ...createQueueActivities(deps),
    ...createPasswordActivities(),
    ...createRedriveActivities(deps),
    ...createResumeActivities(deps),
  };
}
