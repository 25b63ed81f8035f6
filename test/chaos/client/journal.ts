import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** One thing that was acknowledged, or, with `problem`, found wrong. */
export interface Entry {
  /** Who did it: one of the client's lanes. */
  readonly lane: string;
  /** What, e.g. `emit order-7`: once in a lane. */
  readonly key: string;
  readonly value?: unknown;
  readonly problem?: string;
}

/** What the client was told, in a file: it outlives the client, and says to the next one where to go on. */
export class Journal {
  private readonly known: Map<string, Entry>;

  constructor(private readonly file: string) {
    this.known = new Map(readJournal(file).map((entry) => [`${entry.lane} ${entry.key}`, entry]));
  }

  find(lane: string, key: string): Entry | undefined {
    return this.known.get(`${lane} ${key}`);
  }

  write(entry: Entry): void {
    // In one call, so that a line is written whole or not at all when the process is killed.
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
    this.known.set(`${entry.lane} ${entry.key}`, entry);
  }
}

export function readJournal(file: string): Entry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
}
