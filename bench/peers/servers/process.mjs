import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export const LOOPBACK = '127.0.0.1';
const READY_MS = 30_000;
const STOP_MS = 10_000;

/** @returns {Promise<number>} a port nobody listens at */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a server with its output in `log`; resolves when `port` accepts connections.
 * @param {string} command
 * @param {string[]} args
 * @param {{ port: number, log: string, stopSignal?: NodeJS.Signals } & import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ stop(): Promise<void> }>}
 */
export async function startProcess(command, args, { port, log, stopSignal = 'SIGTERM', ...rest }) {
  const output = openSync(log, 'a');
  const child = spawn(command, args, { ...rest, stdio: ['ignore', output, output] });
  closeSync(output);
  // However this process ends, short of kill -9, nothing stays behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
  const stop = async () => {
    child.kill(stopSignal);
    const late = setTimeout(kill, STOP_MS);
    await ended;
    clearTimeout(late);
    process.off('exit', kill);
  };
  let over = false;
  void ended.then(() => (over = true));
  const deadline = performance.now() + READY_MS;
  while (!(await accepts(port))) {
    if (!over && performance.now() < deadline) {
      await wait(20);
      continue;
    }
    await stop();
    throw new Error(`${command} does not serve:\n${readFileSync(log, 'utf8').slice(-1_000)}`);
  }
  return { stop };
}

/** @param {number} port */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK);
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
