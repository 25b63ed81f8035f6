/** The REPL for a person: Node's own, which has the editing, the history and the keys, for lines of ours. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Recoverable, type REPLEval, type REPLServer, start } from 'node:repl';
import { PassThrough } from 'node:stream';
import type { Io } from '../cli/io';
import { NightshiftError } from '../shared/errors';
import type { Ask } from './ask-first';
import { complete } from './complete';
import { type CompiledLine, IncompleteLine } from './compile-line';
import { holdKeys } from './held-keys';
import type { Session } from './session';
import type { ShowReply } from './show-reply';

export type TerminalInput = NodeJS.ReadableStream & Partial<Pick<NodeJS.ReadStream, 'setRawMode'>>;

export interface TerminalOptions {
  readonly input: TerminalInput;
  readonly output: NodeJS.WritableStream;
  readonly prompt: string;
  readonly help: string;
  /** Where lines are kept for the next time. */
  readonly historyFile: string;
  readonly show: ShowReply;
  readonly io: Io;
  /** Called once, with what asks the person. */
  session(ask: Ask): Session;
}

const KEPT_LINES = 1000;
const YES = /^\s*y(es)?\s*$/i;

/** Resolves at Ctrl-D. */
export async function runTerminal(options: TerminalOptions): Promise<void> {
  const { input, output, show, io, prompt, help, historyFile } = options;
  /** Ends the waiting for the line that runs, while one does. */
  let running: AbortController | undefined;

  const run = async (line: CompiledLine, { signal }: AbortController): Promise<unknown> => {
    const cancelled = new Promise<never>((_resolve, reject) => {
      const error = new NightshiftError('cancelled', 'Cancelled; what was begun goes on');
      signal.addEventListener('abort', () => reject(error));
    });
    // As a key, Ctrl-C is not seen while code does not await; as a signal it is.
    input.setRawMode?.(false);
    const value = session.run(line, { interruptible: true });
    input.setRawMode?.(true);
    value.catch(() => {}); // of a cancelled line nobody hears any more
    return Promise.race([value, cancelled]);
  };

  const reply = async (line: CompiledLine): Promise<void> => {
    keys.hold();
    running = new AbortController();
    try {
      show.value(await run(line, running));
    } catch (error) {
      show.error(error);
    }
    running = undefined;
  };

  const evaluate: REPLEval = (line, _context, _file, done) => {
    const end = (): void => {
      done(null, undefined);
      keys.release();
    };
    let compiled: CompiledLine;
    try {
      compiled = session.compile(line);
    } catch (error) {
      if (error instanceof IncompleteLine) return done(new Recoverable(error), undefined);
      show.error(error);
      return end();
    }
    void reply(compiled).then(end);
  };

  const server = start({
    // Keys come through `keys`.
    input: new PassThrough(),
    ...{ output, prompt, terminal: true, ignoreUndefined: true, historySize: KEPT_LINES },
    eval: evaluate,
    completer: (line: string) =>
      line.startsWith('.') ? commands(line, server) : complete(line, session),
  });
  const keys = holdKeys(input, {
    onKey: (text, key) => server.write(text, key),
    onInterrupt: () => running?.abort(),
  });
  const askNow: Ask = async (question) => {
    const signal = running?.signal;
    if (signal === undefined || signal.aborted) return false; // the line that asks was cancelled
    keys.release();
    const answer = await answerTo(server, `${question} (y/N) `, signal);
    if (signal.aborted) return false;
    keys.hold();
    return YES.test(answer);
  };
  let asked: Promise<unknown> = Promise.resolve();
  /** One question after the other. */
  const ask: Ask = (question) => {
    const answer = asked.then(() => askNow(question));
    asked = answer;
    return answer;
  };
  const session = options.session(ask);
  defineHelp(server, () => io.out(help));
  onInterrupt(server, () => running);
  keys.hold();
  keepHistory(server, historyFile, (error) => {
    if (error !== null) show.error(error);
    keys.release();
  });
  input.setRawMode?.(true);
  input.once('end', () => server.close());
  io.signal.addEventListener('abort', () => server.close());
  await new Promise((resolve) => server.once('exit', resolve));
  input.setRawMode?.(false);
}

/** Empty, if it was stopped. The answer is no line for the history. */
function answerTo(server: REPLServer, question: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const forget = (history: string[]): unknown => history.shift();
    const end = (answer: string): void => {
      server.off('history', forget);
      resolve(answer);
    };
    server.once('history', forget);
    signal.addEventListener('abort', () => end(''));
    server.question(question, { signal }, end);
  });
}

function defineHelp(server: REPLServer, print: () => void): void {
  // It would clear a context of Node's that no line uses.
  Reflect.deleteProperty(server.commands, 'clear');
  server.defineCommand('help', {
    help: 'What there is',
    action() {
      print();
      this.displayPrompt();
    },
  });
}

/** Ctrl-C ends the waiting, if there is any; else it does what it does in Node. */
function onInterrupt(server: REPLServer, running: () => AbortController | undefined): void {
  const ofNode = server.listeners('SIGINT') as (() => void)[];
  server.removeAllListeners('SIGINT');
  server.on('SIGINT', () => {
    const line = running();
    if (line !== undefined) line.abort();
    else for (const listener of ofNode) listener.call(server);
  });
}

/** `onReady` is told when the lines of the last time are there. */
function keepHistory(
  server: REPLServer,
  file: string,
  onReady: (error: Error | null) => void,
): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    onReady(error as Error); // a REPL without history is better than none
    return;
  }
  server.setupHistory(file, onReady);
}

function commands(line: string, server: REPLServer): [string[], string] {
  const names = Object.keys(server.commands).map((name) => `.${name}`);
  return [names.filter((name) => name.startsWith(line)), line];
}
