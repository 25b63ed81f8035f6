import { open } from 'node:fs/promises';
import { resolve } from 'node:path';

/** The lines of code around an error. */
export interface SourceLines {
  readonly lines: readonly {
    readonly number: number;
    readonly text: string;
    readonly at: boolean;
  }[];
  readonly changedAt: Date;
}

const AROUND = 2;
const MAX_BYTES = 2 ** 20;
const MAX_TEXT = 300;
/** What a stack names is not to be trusted: an error may be thrown with any. */
const SOURCE = /^(.+\.[cm]?[jt]sx?):(\d+)(?::\d+)?$/;

/** Those around `app.ts:12:5`; undefined where the file is not on this machine, e.g. a container's. */
export async function sourceLines(place: string): Promise<SourceLines | undefined> {
  const [, file, row] = SOURCE.exec(place) ?? [];
  if (file === undefined) return undefined;
  const handle = await open(resolve(file)).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > MAX_BYTES) return undefined;
    const all = (await handle.readFile('utf8')).split(/\r?\n/);
    const at = Number(row);
    if (at < 1 || at > all.length) return undefined;
    const first = Math.max(1, at - AROUND);
    const lines = all.slice(first - 1, at + AROUND).map((text, i) => ({
      ...{ number: first + i, at: first + i === at },
      text: text.slice(0, MAX_TEXT),
    }));
    return { lines, changedAt: stat.mtime };
  } finally {
    await handle.close();
  }
}
