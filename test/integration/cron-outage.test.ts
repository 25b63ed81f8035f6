import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, Connection, type ScheduleExecutionResult } from '@temporalio/client';
import { cron } from 'nightshift';
import { syncSchedules } from '../../src/crons/sync-schedules';
import { type RunningServers, startServers } from '../../src/servers/start-servers';
import type { ServerRecord } from '../../src/servers/state-claim';
import { silentProgress } from '../../src/shared/progress';
import { until } from '../support/until';
import { useFolder } from '../unit/servers/support';

// A Temporal of its own, which is killed; the MongoDB of the other tests.
jest.setTimeout(120_000);
const folder = useFolder();
const APP = 'outage';
const EVERY_MS = 10_000;
const DOWN_MS = 20_000;
const run = async (): Promise<void> => {};
const CRONS = [
  cron('interval', { every: EVERY_MS, offset: 0 }, { overlap: 'allow' }, run),
  cron('expression', { cron: '*/10 * * * * * *' }, { overlap: 'allow' }, run),
  cron('skipping', { cron: '*/10 * * * * * *' }, run),
];

const start = (): Promise<RunningServers> =>
  startServers({
    stateDir: folder.path,
    env: { ...process.env, TEMPORAL_ADDRESS: '' },
    ports: { temporal: 0, temporalUi: 0 },
    ui: false,
    progress: silentProgress,
  });

async function withClient<T>(servers: RunningServers, use: (client: Client) => Promise<T>) {
  const connection = await Connection.connect({ address: servers.temporal.address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

test('after Temporal was down, the newest run that was missed happens, once', async () => {
  await using before = await start();
  await withClient(before, async (client) => {
    const crons = new Map(CRONS.map((one) => [one.name, one]));
    await syncSchedules(crons, { client, app: APP, now: Date.now });
    // A schedule begins to count with its first task: one that is killed before has missed nothing.
    for (const { name } of CRONS) await client.schedule.getHandle(`${APP}/${name}`).describe();
  });
  const { servers } = JSON.parse(readFileSync(join(folder.path, 'servers.json'), 'utf8')) as {
    servers: ServerRecord[];
  };
  const killedAt = Date.now();
  for (const { child } of servers) process.kill(child.pid, 'SIGKILL');
  await before.exited;
  await before.close();
  // Until a run was due a moment ago: were the next one due while the server starts, which is the newest were a race.
  const dueAt = Math.ceil((killedAt + DOWN_MS) / EVERY_MS) * EVERY_MS;
  await wait(dueAt + 500 - Date.now());

  await using after = await start();
  await withClient(after, async (client) => {
    for (const { name, options } of CRONS) {
      const { recentActions, numActionsMissedCatchupWindow } = await until(
        async () =>
          (await client.schedule.getHandle(`${APP}/${name}`).describe()).info as {
            recentActions: ScheduleExecutionResult[];
            numActionsMissedCatchupWindow: number;
          },
        (info) => info.recentActions.some(({ takenAt }) => takenAt.getTime() > killedAt),
      );
      const late = recentActions.filter(({ takenAt }) => takenAt.getTime() > killedAt);
      const takenAt = late[0]?.takenAt.getTime() ?? 0;
      const newest = takenAt - (takenAt % EVERY_MS);
      expect(takenAt - killedAt).toBeGreaterThan(2 * EVERY_MS); // so one at least was not made up for
      const due = late.map(({ scheduledAt }) => scheduledAt.getTime());
      expect({ name, overlap: options.overlap, due: due.filter((time) => time <= newest) }).toEqual(
        { name, overlap: options.overlap, due: [newest] },
      );
      expect(numActionsMissedCatchupWindow).toBeGreaterThan(0);
    }
  });
});
