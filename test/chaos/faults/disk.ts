import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import type { MakeFault } from './fault';

const PIECE_BYTES = 1024 * 1024;
const MOST_PIECES = 64;
const NOTE_LENGTH = 160;

/** MongoDB may end when it cannot write: then it is started again, as soon as there is room. */
const fullDisk: MakeFault = ({ lastsMs }, { disk, mongodb, direct }) => ({
  on: mongodb.name,
  what: "fill the disk of MongoDB's data",
  async begin() {
    if (!('fill' in disk)) return undefined;
    disk.fill();
    return writeUntilRefused(direct.mongodb, Date.now() + lastsMs);
  },
  async end() {
    if ('free' in disk) disk.free();
    await mongodb.ensure();
    await drop(direct.mongodb);
  },
});

const DATABASE = 'ballast';

/** Servers have some room set aside: small writes succeed on a full disk for a while. Gives what the server said. */
async function writeUntilRefused(uri: string, deadline: number): Promise<string> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1_000, socketTimeoutMS: 5_000 });
  try {
    const pieces = client.db(DATABASE).collection('pieces');
    for (let i = 0; i < MOST_PIECES && Date.now() < deadline; i++)
      await pieces.insertOne({ bytes: randomBytes(PIECE_BYTES) });
    return 'MongoDB had room of its own';
  } catch (error) {
    return `MongoDB refused: ${String(error).slice(0, NOTE_LENGTH)}`;
  } finally {
    await client.close();
  }
}

async function drop(uri: string): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    await client.db(DATABASE).dropDatabase();
  } finally {
    await client.close();
  }
}

export const diskFaults = { 'full-disk': fullDisk } satisfies Record<string, MakeFault>;
