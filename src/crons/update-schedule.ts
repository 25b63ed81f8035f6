import { randomUUID } from 'node:crypto';
import type { Client, ScheduleDescription, ScheduleOptions } from '@temporalio/client';
import {
  compileUpdatedScheduleOptions,
  encodeScheduleAction,
  encodeSchedulePolicies,
  encodeScheduleSpec,
} from '@temporalio/client/lib/schedule-helpers';

type Changes = Pick<ScheduleOptions, 'spec' | 'action' | 'policies'>;

/**
 * Changes a schedule if it still is as described, its state (paused, why) staying as it is; else Temporal does nothing
 * and does not say so, so look again afterwards. The SDK's own `update` always wins, and so undoes a pause of which it
 * does not know yet.
 */
export async function updateSchedule(
  client: Client,
  { scheduleId, raw }: ScheduleDescription,
  { spec, action, policies }: Changes,
): Promise<void> {
  const { namespace, identity, loadedDataConverter } = client.options;
  const { action: compiled } = compileUpdatedScheduleOptions(scheduleId, {
    spec,
    action,
    state: {},
  });
  await client.workflowService.updateSchedule({
    namespace,
    scheduleId,
    identity,
    requestId: randomUUID(),
    ...(raw.conflictToken == null ? {} : { conflictToken: raw.conflictToken }),
    schedule: {
      spec: encodeScheduleSpec(spec),
      action: await encodeScheduleAction(loadedDataConverter, namespace, compiled, {}),
      policies: encodeSchedulePolicies(policies),
      ...(raw.schedule?.state == null ? {} : { state: raw.schedule.state }),
    },
  });
}
