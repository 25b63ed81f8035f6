import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NightshiftClient } from 'nightshift/client';
import { choosePort } from '../../src/servers/ports';
import { againstMs, msOf, type Row } from '../row';

const MAIN = join(__dirname, '..', '..', 'dist', 'src', 'cli', 'main.js');
const READY_MS = 5_000;
const RELOADED_MS = 1_500;
const SETTLED_MS = 500;

/** `nightshift dev` on a folder of its own, with servers of its own. */
class Dev implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-dev-'));
  #child: ChildProcess | undefined;
  #said = '';

  write(answer: number): void {
    const source = `import { worker } from 'nightshift';\nexport const v = worker('v', async () => ${answer});\n`;
    writeFileSync(join(this.folder, 'app.ts'), source);
  }

  async start(): Promise<void> {
    this.#said = '';
    const ports: string[] = [];
    for (const of of ['temporal', 'temporal-ui', 'mongodb', 'dashboard'])
      ports.push(
        `--${of}-port`,
        String(await choosePort(0, { purpose: 'nightshift dev', flag: '' })),
      );
    this.#child = spawn(
      process.execPath,
      [MAIN, 'dev', 'app.ts', '--name', 'bench-dev', ...ports],
      { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'], env: withoutServers() },
    );
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    while (!this.#said.includes('ready in')) {
      if (this.#child.exitCode !== null) throw new Error(`nightshift dev ended: ${this.#said}`);
      await wait(10);
    }
  }

  connect(): Promise<NightshiftClient> {
    const state = join(this.folder, '.nightshift', 'dev.json');
    const { temporal, mongodb } = JSON.parse(readFileSync(state, 'utf8')) as Record<string, string>;
    return connect({
      name: 'bench-dev',
      temporal: { address: temporal ?? '' },
      mongodb: { uri: mongodb ?? '' },
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGINT');
    await once(child, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** `nightshift dev` uses servers that the environment names; here it has to start its own. */
function withoutServers(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env['TEMPORAL_ADDRESS'];
  delete env['MONGODB_URI'];
  return env;
}

export const devReady: Row = {
  name: 'dev-ready',
  what: `nightshift dev, until it is ready, against ${READY_MS / 1000} s`,
  unit: 'starts/s',
  atLeast: 1,
  start() {
    const dev = new Dev();
    return Promise.resolve({
      ...againstMs(READY_MS, async (round) => {
        dev.write(round);
        const ms = await msOf(() => dev.start());
        await dev.stop();
        return ms;
      }),
      [Symbol.asyncDispose]: () => dev[Symbol.asyncDispose](),
    });
  },
};

export const devReload: Row = {
  name: 'dev-reload',
  what: `nightshift dev, from a save until the new code answers, against ${RELOADED_MS / 1000} s`,
  unit: 'saves/s',
  atLeast: 1,
  async start() {
    const dev = new Dev();
    dev.write(-1);
    await dev.start();
    const client = await dev.connect();
    const answer = async (): Promise<unknown> => (await client.emit(null, 'v')).result();
    return {
      ...againstMs(RELOADED_MS, async (round) => {
        await wait(SETTLED_MS);
        return msOf(async () => {
          dev.write(round);
          while ((await answer()) !== round);
        });
      }),
      async [Symbol.asyncDispose]() {
        await client.close();
        await dev[Symbol.asyncDispose]();
      },
    };
  },
};
