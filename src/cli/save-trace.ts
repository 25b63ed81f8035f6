import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { NightshiftClient } from '../../client';
import { fileNameOf } from '../traces/saved-trace';

export const TRACES_FOLDER = join('test', 'traces');

/** Writes an event's trace into a folder, for `replayTraces`; resolves to the file, absolute. */
export async function saveTrace(
  client: NightshiftClient,
  id: string,
  cwd: string,
  folder = TRACES_FOLDER,
): Promise<string> {
  const saved = await client.traces.save(id);
  const path = resolve(cwd, folder);
  mkdirSync(path, { recursive: true });
  const file = join(path, fileNameOf(saved));
  writeFileSync(file, `${JSON.stringify(saved, null, 2)}\n`);
  return file;
}
