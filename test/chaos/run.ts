// npm run chaos: a workload with one right outcome, while what it runs on is killed, frozen, cut off and filled up.
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { CHECKS } from './checks/checks';
import { leftovers } from './checks/leftovers';
import type { Outcome } from './checks/outcome';
import { connectDirectly, countOpen, type Direct, readOutcome } from './checks/read-outcome';
import { endSchedule, scheduleIntact } from './checks/schedule';
import { runFaults } from './faults/run-faults';
import { type ChaosOptions, readOptions, USAGE } from './options';
import { type PlannedFault, planFaults } from './plan';
import { until } from '../support/until';
import { openStage, type Stage } from './stage/stage';
import { Timeline } from './timeline';

const CLIENT_ENDS_MS = 180_000;
const COMES_TO_REST_MS = 120_000;
const LOOKS = 20;
const SHOWN_PROBLEMS = 20;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** What is wrong, by the rule that is broken; an empty list for one that is kept. */
type Verdicts = Map<string, readonly string[]>;

async function main(options: ChaosOptions): Promise<number> {
  say(`chaos: seed ${options.seed}, ${options.faults} faults`);
  const timeline = new Timeline(say);
  const stage = await openStage(timeline);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stage.close().finally(() => process.exit(130)));
  timeline.say(`everything runs in ${stage.folder}`);
  const verdicts: Verdicts = new Map();
  const ports = [stage.temporal, stage.mongodb, ...stage.proxies].map(({ address }) =>
    Number(address.split(':')[1]),
  );
  let plan: PlannedFault[] = [];
  try {
    plan = planFaults({ ...options, kinds: possible(options, stage) });
    await runFaults(plan, stage, timeline);
    const direct = await connectDirectly(stage);
    try {
      await comeToRest(stage, direct, verdicts, timeline);
      await judge(await readOutcome(direct, stage), verdicts, timeline);
    } finally {
      await direct.close();
    }
    verdicts.set('worker processes drain when told to stop', await drain(stage));
  } catch (error) {
    timeline.violation(`the run was broken off: ${String(error)}`);
  }
  const data = stage.mongodb.dataMark();
  await stage.close();
  verdicts.set('nothing is left over', await leftovers({ folder: stage.folder, data, ports }));
  verdicts.set('nothing else went wrong', timeline.violations);
  return report(options, plan, stage, verdicts, timeline);
}

function possible({ kinds }: ChaosOptions, { disk }: Stage): ChaosOptions['kinds'] {
  if (!('refused' in disk) || !kinds.includes('full-disk')) return kinds;
  say(`full-disk is left out, as a small disk cannot be mounted here: ${disk.refused}`);
  return kinds.filter((kind) => kind !== 'full-disk');
}

/** The client ends its rounds, and every event that was accepted ends; last those of the cron, which never ceases. */
async function comeToRest(
  stage: Stage,
  direct: Direct,
  verdicts: Verdicts,
  timeline: Timeline,
): Promise<void> {
  stage.stopClient();
  timeline.say('no more faults; the client ends its work');
  if (!(await stage.client.finished(CLIENT_ENDS_MS)))
    timeline.violation(`the client has not ended its work within ${CLIENT_ENDS_MS / 1000} s`);
  timeline.say('the client has ended; the rest of the events end');
  await allEnd(direct, timeline, 'tick');
  verdicts.set('the schedule is intact', await scheduleIntact(direct));
  await endSchedule(direct);
  await allEnd(direct, timeline);
  timeline.say('everything has come to rest');
}

async function allEnd({ temporal }: Direct, timeline: Timeline, leftOut?: string): Promise<void> {
  let zeros = 0;
  await until(
    async () => {
      const open = await countOpen(temporal, leftOut);
      // Temporal's list may be late: an event that was emitted just now may not be in it yet.
      zeros = open === 0 ? zeros + 1 : 0;
      return open;
    },
    () => zeros >= LOOKS,
    COMES_TO_REST_MS,
  ).catch((error: unknown) => timeline.violation(`events do not end: ${String(error)}`));
}

async function judge(outcome: Outcome, verdicts: Verdicts, timeline: Timeline): Promise<void> {
  const attempts = [...outcome.events.values()].reduce((sum, { runs }) => sum + runs.length, 0);
  timeline.say(`${outcome.events.size} events in ${attempts} attempts`);
  for (const [rule, check] of Object.entries(CHECKS)) {
    try {
      verdicts.set(rule, await check(outcome));
    } catch (error) {
      verdicts.set(rule, [`cannot be checked: ${String(error)}`]);
    }
  }
}

/** As an operator stops them. */
async function drain({ workers }: Stage): Promise<string[]> {
  const ends = await Promise.all(
    workers.map(async (worker) => ({ name: worker.name, code: await worker.stop('SIGTERM') })),
  );
  return ends.flatMap(({ name, code }) => (code === 0 ? [] : [`${name} ended with ${code}`]));
}

function report(
  options: ChaosOptions,
  plan: readonly PlannedFault[],
  stage: Stage,
  verdicts: Verdicts,
  timeline: Timeline,
): number {
  const failed = [...verdicts].filter(([, problems]) => problems.length > 0);
  if (failed.length > 0) process.stdout.write(`\n${timeline.text()}\n`);
  process.stdout.write('\n');
  for (const [rule, problems] of verdicts) {
    process.stdout.write(`${problems.length === 0 ? '✓' : '✗'} ${rule}\n`);
    for (const problem of problems.slice(0, SHOWN_PROBLEMS))
      process.stdout.write(`    ${problem}\n`);
    if (problems.length > SHOWN_PROBLEMS)
      process.stdout.write(`    … and ${problems.length - SHOWN_PROBLEMS} more\n`);
  }
  const kinds = new Map<string, number>();
  for (const { kind } of plan) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const shown = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ');
  process.stdout.write(`\nseed ${options.seed}: ${plan.length} faults: ${shown}\n`);
  if (failed.length > 0 || options.keep) process.stdout.write(`kept: ${stage.folder}\n`);
  else rmSync(stage.folder, { recursive: true, force: true });
  process.stdout.write(`${verdicts.size - failed.length} passed, ${failed.length} failed\n`);
  return failed.length === 0 ? 0 : 1;
}

function optionsOrExit(): ChaosOptions {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  try {
    return readOptions(argv, randomInt(1_000_000));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    process.exit(2);
  }
}

main(optionsOrExit()).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
