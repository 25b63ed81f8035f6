import { Worker } from 'node:worker_threads';

/** An input that never ends keeps this thread from saying so: another one does, and ends the process. */
export function watchForHangs(what: string): () => void {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const timer = setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS);
  const watcher = new Worker(`(${watch.toString()})()`, {
    eval: true,
    workerData: { beats, what, longestMs: LONGEST_MS },
  });
  watcher.unref();
  return () => {
    clearInterval(timer);
    void watcher.terminate();
  };
}

const BEAT_MS = 200;
const LONGEST_MS = 60_000;

/* The watcher's whole program: it is handed over as text, so it may use nothing from this file. */
function watch(): void {
  const { workerData } = process.getBuiltinModule('node:worker_threads');
  const { writeSync } = process.getBuiltinModule('node:fs');
  const { beats, what, longestMs } = workerData as {
    beats: Int32Array;
    what: string;
    longestMs: number;
  };
  let last = -1;
  setInterval(() => {
    const beat = Atomics.load(beats, 0);
    if (beat === last) {
      writeSync(1, `✗ an input hangs: ${what}\n0 passed, 1 failed\n`);
      process.kill(process.pid, 'SIGKILL');
    }
    last = beat;
  }, longestMs);
}
