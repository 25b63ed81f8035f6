import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NightshiftClient } from '../../client';
import type { Io } from '../cli/io';
import { type Ask, refuseToAsk } from './ask-first';
import { renderHelp } from './help';
import { runLines } from './run-lines';
import { runTerminal, type TerminalInput } from './run-terminal';
import { createScope } from './scope';
import { createSession } from './session';
import { createShowReply } from './show-reply';
import { listenToStrayErrors } from './stray-errors';

export interface ReplOptions {
  readonly client: NightshiftClient;
  readonly appPath: string;
  /** What the app's module exports. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly input: TerminalInput;
  readonly output: NodeJS.WritableStream;
  /** Whether a person sits at `input` and `output`. */
  readonly terminal: boolean;
  readonly historyFile: string;
  /** Answers yes to all questions. */
  readonly yes: boolean;
  readonly verbose: boolean;
  readonly io: Io;
}

/** Resolves at the end of the input: to false, if nobody sat there and a line failed. */
export async function runRepl(options: ReplOptions): Promise<boolean> {
  const { client, appPath, exports, input, output, historyFile, io } = options;
  const scopeWith = (ask: Ask): ReturnType<typeof createScope> =>
    createScope(client, exports, appPath, options.yes ? () => Promise.resolve(true) : ask);
  const silent = scopeWith(refuseToAsk);
  const show = createShowReply(io, options.verbose);
  const help = renderHelp(silent, io);
  let strayed = false;
  const stopListening = listenToStrayErrors((error) => {
    strayed = true;
    show.error(error);
  });
  try {
    if (!options.terminal) {
      const session = createSession(silent.names);
      const wentWell = await runLines({ input, session, show, help, io });
      await nextTurn(); // a rejection that nobody waits for is told only then
      return wentWell && !strayed;
    }
    io.out(`${io.colors.bold(client.name)} ${io.colors.dim('.help lists what there is')}`);
    await runTerminal({
      ...{ input, output, show, help, historyFile, io },
      prompt: `${client.name}> `,
      session: (ask) => createSession(scopeWith(ask).names),
    });
    return true;
  } finally {
    stopListening();
  }
}
