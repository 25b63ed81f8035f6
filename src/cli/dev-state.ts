import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ConnectOptions, projectRoot, resolveConfig, type ResolvedConfig } from '../config';
import { type CommandInput, textOption } from './command';
import type { Io } from './io';

/** What `nightshift dev` tells the other commands of its project while it runs. */
const devState = z.object({
  pid: z.number(),
  name: z.string(),
  temporal: z.string(),
  mongodb: z.string(),
});

export type DevState = z.infer<typeof devState>;

/** Where a project's development servers keep their data. */
export function stateDirOf(folder: string): string {
  return join(projectRoot(folder), '.nightshift');
}

const fileOf = (stateDir: string): string => join(stateDir, 'dev.json');

export function writeDevState(stateDir: string, state: DevState): void {
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(fileOf(stateDir), `${JSON.stringify(state, null, 2)}\n`);
}

export function removeDevState(stateDir: string): void {
  rmSync(fileOf(stateDir), { force: true });
}

/** The configuration for a command: its options, else the environment, else a `nightshift dev` that runs here. */
export function configOf(input: CommandInput, io: Io): ResolvedConfig {
  const dev = runningDev(io.cwd);
  const env =
    dev === undefined
      ? io.env
      : {
          NIGHTSHIFT_NAME: dev.name,
          TEMPORAL_ADDRESS: dev.temporal,
          MONGODB_URI: dev.mongodb,
          ...io.env,
        };
  return resolveConfig(connectOptionsOf(input), { env, cwd: io.cwd });
}

export function connectOptionsOf(input: CommandInput): ConnectOptions {
  const name = textOption(input, 'name');
  const address = textOption(input, 'temporal');
  const uri = textOption(input, 'mongodb');
  return {
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { temporal: { address } }),
    ...(uri === undefined ? {} : { mongodb: { uri } }),
  };
}

function runningDev(folder: string): DevState | undefined {
  try {
    const state = devState.parse(JSON.parse(readFileSync(fileOf(stateDirOf(folder)), 'utf8')));
    process.kill(state.pid, 0);
    return state;
  } catch {
    return undefined; // none, unreadable, or left behind by one that was killed
  }
}
