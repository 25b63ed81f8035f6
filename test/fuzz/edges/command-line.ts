import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pc from 'picocolors';
import { ASCII, type Io } from '../../../src/cli/io';
import { run } from '../../../src/cli/run';
import type { Edge } from '../edge';
import { texts } from '../texts';

// Those that serve until they are told to stop are left out: dev, worker, dashboard and repl.
const COMMANDS = [
  ...['emit', 'status', 'trace', 'replay', 'queues', 'queue', 'pause', 'resume', 'block'],
  ...['unblock', 'redrive', 'migrate', 'flags', 'flag', 'events', 'failures', 'missing', 'crons'],
  ...['cron', 'help', '--help', '--version', 'nothing'],
];
const SERVING = /^(dev|worker|dashboard|repl)$/;
const OPTIONS = [
  ...['--json', '--verbose', '--rate', '--canary', '--reason', '--by', '--id', '--delay', '--at'],
  ...['--status', '--since', '--until', '--text', '--limit', '--missing', '--handler', '--dry-run'],
  ...['--no-wait', '--', '-', '--=', '--__proto__', '-x', '--help', '*', '1', 'tick', '5 minutes'],
];

/** What waits for a worker process, which there is none of, is interrupted. */
const PATIENCE_MS = 500;

/** Whatever is typed has an exit code, and a reason for one that is not 0. */
export function commandLine(servers: NodeJS.ProcessEnv): Edge<string[]> {
  const env = { ...servers, NIGHTSHIFT_NAME: `fuzz-${randomUUID().slice(0, 8)}` };
  return {
    name: 'command line',
    share: 40,
    inputs: fc
      .tuple(
        fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom(...COMMANDS) },
          { weight: 1, arbitrary: texts },
        ),
        fc.array(fc.oneof(texts, fc.constantFrom(...OPTIONS)), { maxLength: 5 }),
      )
      .map(([command, rest]) => [command, ...rest])
      .filter(([command = '']) => !SERVING.test(command)),
    async try(argv) {
      const stop = AbortSignal.timeout(PATIENCE_MS);
      const { io, said } = silentIo(env, stop);
      const code = await run(argv, io);
      if (![0, 1, 2].includes(code) && !(code === 130 && stop.aborted))
        throw new Error(`exit code ${code}: ${said()}`);
      if (code !== 0 && code !== 130 && said() === '')
        throw new Error(`exit code ${code} without a word`);
      if (/\n\s+at .*:\d+:\d+/.test(said()) && !argv.includes('--verbose'))
        throw new Error(`a stack was shown: ${said().slice(0, 500)}`);
    },
  };
}

function silentIo(env: NodeJS.ProcessEnv, signal: AbortSignal): { io: Io; said: () => string } {
  let said = '';
  const write = (text: string): void => void (said += text);
  const io: Io = {
    ...{ out: write, err: write, stdin: () => Promise.resolve(''), env, cwd: '/', signal },
    ...{ interactive: false, colors: pc.createColors(false), symbols: ASCII, send: () => {} },
  };
  return { io, said: () => said };
}
