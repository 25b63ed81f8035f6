// The client of a chaos run: a process that is killed and started again like any other.
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type NightshiftClient } from 'nightshift/client';
import { crons } from './crons';
import { orders, others } from './events';
import { Journal } from './journal';
import { Lane } from './lane';
import { mails } from './mails';
import { copies, records } from './records';
import { redrives } from './redrives';

const LANES = { orders, others, mails, redrives, crons, records, copies };

async function main(name: string, journalFile: string, stopFile: string): Promise<void> {
  const journal = new Journal(journalFile);
  const client = await connected(name);
  process.stderr.write('connected\n');
  await Promise.all(
    Object.entries(LANES).map(([lane, work]) => work(new Lane(lane, client, journal, stopFile))),
  );
  await client.close();
}

/** The servers may be away. */
async function connected(name: string): Promise<NightshiftClient> {
  for (;;) {
    try {
      return await connect({ name });
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
      await wait(500);
    }
  }
}

const [name = '', journalFile = '', stopFile = ''] = process.argv.slice(2);
main(name, journalFile, stopFile).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
