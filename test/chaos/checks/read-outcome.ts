import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { connect } from 'nightshift/client';
import { readJournal } from '../client/journal';
import { APP_NAME, type Stage } from '../stage/stage';
import type { Outcome, Run, SeenEvent, StoredRecord } from './outcome';

/** Connections for the checks, which lead past the proxies. */
export interface Direct extends Pick<Outcome, 'client' | 'db' | 'temporal'> {
  close(): Promise<void>;
}

export async function connectDirectly({ direct }: Stage): Promise<Direct> {
  const client = await connect({
    name: APP_NAME,
    temporal: { address: direct.temporal },
    mongodb: { uri: direct.mongodb },
  });
  const connection = await Connection.connect({ address: direct.temporal });
  const mongo = await MongoClient.connect(direct.mongodb);
  return {
    client,
    db: mongo.db(APP_NAME),
    temporal: new Client({ connection }),
    async close() {
      await client.close();
      await connection.close();
      await mongo.close();
    },
  };
}

export async function readOutcome(direct: Direct, stage: Stage): Promise<Outcome> {
  const { client, db, temporal } = direct;
  return {
    ...{ client, db, temporal },
    journal: readJournal(stage.journalFile),
    events: await readEvents(temporal),
    records: await readRecords(direct),
  };
}

/** How many events have not ended, but those of handler `leftOut`. */
export async function countOpen(temporal: Client, leftOut?: string): Promise<number> {
  const query = `TaskQueue = "${APP_NAME}" AND ExecutionStatus = "Running"`;
  const others = leftOut === undefined ? '' : ` AND WorkflowType != "${leftOut}"`;
  return (await temporal.workflow.count(query + others)).count;
}

async function readEvents(temporal: Client): Promise<Map<string, SeenEvent>> {
  const runs = new Map<string, (Run & { handler: string; startedAt: number })[]>();
  const query = `TaskQueue = "${APP_NAME}"`;
  for await (const info of temporal.workflow.list({ query, pageSize: 1_000 })) {
    if (info.type.startsWith('nightshift.')) continue;
    const isMissing = JSON.stringify(info.searchAttributes ?? {}).includes('"missing"');
    const run = {
      runId: info.runId,
      status: info.status.name === 'COMPLETED' && isMissing ? 'MISSING' : info.status.name,
      handler: info.type,
      startedAt: info.startTime.getTime(),
    };
    const id = info.workflowId.slice(APP_NAME.length + 1);
    runs.set(id, [...(runs.get(id) ?? []), run]);
  }
  const events = [...runs].map(([id, all]): [string, SeenEvent] => {
    all.sort((a, b) => a.startedAt - b.startedAt);
    return [id, { id, handler: all[0]?.handler ?? '', runs: all }];
  });
  return new Map(events);
}

async function readRecords({ client, db }: Direct): Promise<Map<string, StoredRecord[]>> {
  const names = (await client.datastores.list()).map(({ name }) => name);
  const records = new Map<string, StoredRecord[]>();
  for (const name of names)
    records.set(name, await db.collection<StoredRecord>(name).find({}).toArray());
  return records;
}
