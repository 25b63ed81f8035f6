import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AppBundle } from './bundle-app';
import { evaluationTimes } from './evaluation-times';
import { type ImportSize, packageOf } from './import-sizes';
import { isUsersFile } from './users-file';

/** A package as each event pays for it. */
export interface ImportCost extends ImportSize {
  /** What its evaluation takes, in milliseconds. */
  readonly ms: number;
}

/** What an event costs before its handler begins: its own code and imports are evaluated anew for each. */
export interface EventCost {
  readonly imports: readonly ImportCost[];
  /** Of the app's files and all that they import. */
  readonly bytes: number;
  /** What the evaluation of these takes, in milliseconds. */
  readonly ms: number;
}

/** @throws {ConfigError} code `app_invalid` if the app cannot be evaluated in the sandbox */
export async function eventCostOf({ bundle, files, imports }: AppBundle): Promise<EventCost> {
  const weighed = new Set(imports.map(({ name }) => name));
  const byPackage = new Map<string, number>();
  let ms = 0;
  for (const [id, took] of await evaluationTimes(bundle)) {
    const file = resolve(id);
    const name = packageOf(file);
    if (name !== undefined && weighed.has(name))
      byPackage.set(name, (byPackage.get(name) ?? 0) + took);
    else if (!isUsersFile(file)) continue;
    ms += took;
  }
  const own = files.map((file) => statSync(file).size);
  return {
    imports: imports.map((size) => ({
      ...size,
      ms: inMicroseconds(byPackage.get(size.name) ?? 0),
    })),
    bytes: [...own, ...imports.map(({ bytes }) => bytes)].reduce((sum, bytes) => sum + bytes, 0),
    ms: inMicroseconds(ms),
  };
}

/** No clock is finer. */
const inMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;
