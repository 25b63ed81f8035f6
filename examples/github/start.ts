// Starts everything, feeds the app all sample webhooks of @octokit/webhooks-examples, and says what became of them.
// With --once it stops there; without, it keeps serving until Ctrl-C.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import webhooks from '@octokit/webhooks-examples';
import { SingleBar } from 'cli-progress';
import { hasCode } from 'nightshift';
import { connect, type NightshiftClient } from 'nightshift/client';
import { Deliveries, People, Repositories } from './app';

const NAME = 'github';
const IN_FLIGHT = 40;
const ROOT = join(__dirname, '..', '..');

interface Ready {
  readonly temporal: string;
  readonly mongodb: string;
  readonly ui?: string;
}

interface Outcome {
  readonly name: string;
  readonly repeated: boolean;
  readonly end: 'done' | 'error' | 'missing';
  readonly problem?: string;
}

async function main(): Promise<number> {
  const server = startServer();
  const ready = await readyOf(server);
  if (ready === undefined) return server.exitCode ?? 1; // it has said why
  const client = await connect({
    name: NAME,
    temporal: { address: ready.temporal },
    mongodb: { uri: ready.mongodb },
  });
  const events = sampleEvents();
  const started = Date.now();
  const outcomes = await feed(client, events);
  await report(client, outcomes, Date.now() - started, ready);
  await client.close();
  if (process.argv.includes('--once')) {
    server.kill('SIGINT');
  } else {
    console.log('\nServing on. Ctrl-C stops everything.');
  }
  await ended(server);
  return outcomes.length === events.length && outcomes.every(({ end }) => end !== 'error') ? 0 : 1;
}

/** `nightshift dev`, as a user would run it. Ctrl-C reaches it too: it shares the terminal. */
function startServer(): ChildProcess {
  process.on('SIGINT', () => {}); // its end is ours
  const cli = join(ROOT, 'dist', 'src', 'cli', 'main.js');
  return fork(cli, ['dev', join(__dirname, 'app.ts'), '--name', NAME], { execArgv: [] });
}

async function readyOf(server: ChildProcess): Promise<Ready | undefined> {
  const [first] = (await Promise.race([once(server, 'message'), once(server, 'exit')])) as [
    unknown,
  ];
  return typeof first === 'object' && first !== null ? (first as Ready) : undefined;
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
}

interface Sample {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
}

/** The same ids each time, so that a second run finds every event accepted already. */
function sampleEvents(): Sample[] {
  return webhooks.flatMap(({ name, examples }) =>
    examples.map((payload, i) => ({ id: `${name}-${i + 1}`, name: `github.${name}`, payload })),
  );
}

async function feed(client: NightshiftClient, events: readonly Sample[]): Promise<Outcome[]> {
  const bar = new SingleBar({
    format: 'Webhooks  {bar}  {value} of {total}  {eta_formatted} left',
    barCompleteChar: '━',
    barIncompleteChar: ' ',
    noTTYOutput: true,
    notTTYSchedule: 2000,
  });
  bar.start(events.length, 0);
  const outcomes: Outcome[] = [];
  const waiting = [...events];
  const next = async (): Promise<void> => {
    for (let sample = waiting.shift(); sample !== undefined; sample = waiting.shift()) {
      outcomes.push(await handle(client, sample));
      bar.increment();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, next));
  bar.stop();
  return outcomes;
}

async function handle(client: NightshiftClient, { id, name, payload }: Sample): Promise<Outcome> {
  const event = await client.emit(payload, name, { id });
  const { repeated } = event;
  try {
    await event.result();
    return { name, repeated, end: 'done' };
  } catch (error) {
    if (hasCode(error, 'missing')) return { name, repeated, end: 'missing' };
    return {
      name,
      repeated,
      end: 'error',
      problem: error instanceof Error ? error.message : String(error),
    };
  }
}

async function report(
  client: NightshiftClient,
  outcomes: readonly Outcome[],
  ms: number,
  { ui, temporal }: Ready,
): Promise<void> {
  const count = (end: Outcome['end']): number => outcomes.filter((o) => o.end === end).length;
  const fresh = outcomes.filter(({ repeated }) => !repeated).length;
  const rate = fresh === 0 ? '' : `, ${Math.round((fresh * 1000) / ms)} events/s`;
  const again = outcomes.length - fresh;
  print(
    '',
    `${outcomes.length} events: ${count('done')} done, ${count('error')} error, ${count('missing')} missing`,
  );
  print(`${fresh} new in ${(ms / 1000).toFixed(1)} s${rate}; ${again} accepted in an earlier run`);
  for (const { name, problem } of outcomes.filter(({ end }) => end === 'error').slice(0, 5)) {
    print(`  error in ${name}: ${problem}`);
  }
  const deliveries = await client.DB.getAllWithKeys(Deliveries);
  const records = Object.values(deliveries);
  print(
    '',
    `${records.length} deliveries of ${await client.DB.count(Repositories)} repositories and ${await client.DB.count(People)} people`,
  );
  print('', 'Busiest repositories', ...top(records.map(({ repository }) => repository)));
  print('', 'Busiest people', ...top(records.map(({ sender }) => sender)));
  const missing = await client.missing.list();
  print('', `${missing.length} names nobody handles`);
  print(
    `  ${missing
      .slice(0, 6)
      .map(({ name, count: n }) => `${name} (${n})`)
      .join(', ')}, …`,
  );
  print('', 'Look around');
  if (ui !== undefined) print(`  Temporal UI   ${ui}`);
  print(
    `  Status        npx nightshift status`,
    `  Emit          npx nightshift emit github.star '{"sender":{"login":"you"}}'`,
    `  Events        temporal workflow list --address ${temporal} --query 'WorkflowType="github.push"'`,
  );
}

function top(names: readonly (string | null | undefined)[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) if (name != null) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return sorted.slice(0, 5).map(([name, n]) => `  ${String(n).padStart(5)}  ${name}`);
}

function print(...lines: string[]): void {
  for (const line of lines) console.log(line);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
