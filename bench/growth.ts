// npm run bench:growth [-- workers|open|finished]: how figures change as things grow; plots go to docs/images/.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type NightshiftClient } from 'nightshift/client';
import { startServers } from '../src/servers/start-servers';
import { silentProgress } from '../src/shared/progress';
import { Asleep } from './apps/growth';
import { type Line, plotSvg, type Plot } from './plot';
import { type BenchContext, medianOf, msOf, perSecond } from './row';

const MAIN = join(__dirname, '..', 'dist', 'src', 'cli', 'main.js');
const APPS = join(__dirname, 'apps');
const IMAGES = join(__dirname, '..', 'docs', 'images');
const IN_FLIGHT = 80;
const ROUNDS = 3;
const ONE_BY_ONE = 40;
const ASKED = 7;
const numbers = (variable: string, otherwise: string): number[] =>
  (process.env[variable] ?? otherwise).split(',').map(Number);

/** An app served by processes of its own, and a client here. */
class Served implements AsyncDisposable {
  #processes: ChildProcess[] = [];

  private constructor(
    readonly client: NightshiftClient,
    private readonly app: string,
    private readonly context: BenchContext,
  ) {}

  static async start(name: string, app: string, context: BenchContext): Promise<Served> {
    const client = await connect({
      name: `growth-${name}-${process.pid}`,
      temporal: { address: context.temporal },
      mongodb: { uri: context.mongodb },
    });
    const served = new Served(client, app, context);
    await served.add();
    return served;
  }

  /** Starts another worker process. */
  async add(): Promise<void> {
    const { temporal, mongodb } = this.context;
    const where = ['--name', this.client.name, '--temporal', temporal, '--mongodb', mongodb];
    const child = spawn(process.execPath, [MAIN, 'worker', join(APPS, this.app), ...where], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#processes.push(child);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes('serving')) {
      if (child.exitCode !== null) throw new Error(`worker process ended: ${said}`);
      await wait(10);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#processes) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
    await this.client.close();
  }
}

let emitted = 0;

const throughput = (client: NightshiftClient, events: number): Promise<number> =>
  perSecond(events, IN_FLIGHT, async () => {
    const id = `t${emitted++}`;
    const event = await client.emit({ id, name: id }, 'writeAndRead', { id });
    await event.result();
  });

const latency = (client: NightshiftClient): Promise<number> =>
  medianOf(ONE_BY_ONE, (i) => msOf(async () => (await client.emit(i, 'quick')).result()));

async function workers(context: BenchContext): Promise<Plot> {
  await using served = await Served.start('workers', 'write-and-read.ts', context);
  const points: [number, number][] = [];
  let running = 1;
  for (const count of [1, 2, 4]) {
    for (; running < count; running++) await served.add();
    await throughput(served.client, 100); // warm-up
    const rate = await medianOf(ROUNDS, () => throughput(served.client, 400));
    points.push([count, told('worker processes', count, 'events/s', rate)]);
  }
  return {
    title: 'Events with 2 DB calls, all on 2 cores',
    x: 'worker processes',
    y: 'events/s',
    lines: [{ name: 'events/s', points }],
  };
}

async function open(context: BenchContext): Promise<Plot> {
  await using served = await Served.start('open', 'growth.ts', context);
  const { client } = served;
  const points: [number, number][] = [];
  let begun = 0;
  for (const count of numbers('GROWTH_OPEN', '0,1000,10000')) {
    const more = count - begun;
    await perSecond(more, IN_FLIGHT, (i) => client.emit(begun + i, 'open'));
    begun = count;
    while ((await client.DB.count(Asleep)) < count) await wait(500);
    await latency(client); // warm-up
    points.push([count, told('open events', count, 'ms', await latency(client))]);
  }
  return {
    title: 'Emit to result, one event at a time (p50)',
    x: 'other events that sleep',
    y: 'ms',
    lines: [{ name: 'ms', points }],
  };
}

/** By counts that do not grow with what is done. */
async function unfinished(client: NightshiftClient): Promise<number> {
  const { counts } = await client.queues.get('quick');
  return counts.new + counts.locked;
}

async function finished(context: BenchContext): Promise<Plot> {
  await using served = await Served.start('finished', 'growth.ts', context);
  const { client } = served;
  const asked: Record<string, () => Promise<unknown>> = {
    'traces.list': () => client.traces.list('quick', { limit: 10 }),
    'events.list': () => client.events.list({ limit: 50 }),
    'queues.list': () => client.queues.list(),
  };
  const lines = new Map(Object.keys(asked).map((name) => [name, [] as [number, number][]]));
  let done = 0;
  for (const count of numbers('GROWTH_FINISHED', '1000,10000,100000')) {
    while (done < count) {
      const more = Math.min(500, count - done);
      await client.emitMany(
        Array.from({ length: more }, (_, i) => done + i),
        'quick',
      );
      done += more;
      while ((await unfinished(client)) > 500) await wait(200);
    }
    while ((await client.events.count({ handler: 'quick' })).done < count) await wait(200);
    for (const [name, ask] of Object.entries(asked)) {
      const ms = await medianOf(ASKED, () => msOf(ask));
      lines.get(name)?.push([count, told('finished events', count, name, ms)]);
    }
  }
  return {
    title: 'Lists beside finished events (p50)',
    x: 'finished events',
    y: 'ms',
    lines: [...lines].map(([name, points]): Line => ({ name, points })),
  };
}

function told(what: string, count: number, unit: string, figure: number): number {
  console.log(`${count} ${what}: ${figure.toFixed(1)} ${unit}`);
  return figure;
}

const SERIES = { workers, open, finished };

async function main(wanted: string | undefined): Promise<number> {
  const names = Object.keys(SERIES) as (keyof typeof SERIES)[];
  const chosen = names.filter((name) => wanted === undefined || name === wanted);
  if (chosen.length === 0) {
    console.error(`No series "${wanted}"; there are ${names.join(', ')}`);
    return 2;
  }
  const stateDir = mkdtempSync(join(tmpdir(), 'nightshift-growth-'));
  const servers = await startServers({
    ...{ stateDir, env: process.env, ui: false, progress: silentProgress },
    ports: { temporal: 0, temporalUi: 0, mongodb: 0 },
  });
  try {
    mkdirSync(IMAGES, { recursive: true });
    for (const name of chosen) {
      const plot = await SERIES[name]({
        temporal: servers.temporal.address,
        mongodb: servers.mongodb.uri,
      });
      writeFileSync(join(IMAGES, `growth-${name}.svg`), plotSvg(plot));
    }
    return 0;
  } finally {
    await servers.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

main(process.argv[2]).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
