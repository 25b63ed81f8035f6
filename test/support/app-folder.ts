import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with an app whose source a test changes; gone after the test file. */
export interface AppFolder {
  readonly path: string;
  /** Writes a file and gives its path. Without a name it is `app.ts`, with the imports of `nightshift` before it. */
  write(source: string, name?: string): string;
}

const IMPORTS = `import { activities, cron, datastore, DB, emit, flag, log, migration, Password, sleep, t, uuid, worker } from 'nightshift';\n`;

export function useAppFolder(): AppFolder {
  const path = mkdtempSync(join(tmpdir(), 'nightshift-app-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(source, name) {
      const file = join(path, name ?? 'app.ts');
      writeFileSync(file, name === undefined ? IMPORTS + source : source);
      return file;
    },
  };
}
