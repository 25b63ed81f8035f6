import { createInterface } from 'node:readline';
import type { Io } from '../cli/io';
import { IncompleteLine } from './compile-line';
import type { Session } from './session';
import type { ShowReply } from './show-reply';

export interface LinesOptions {
  readonly input: NodeJS.ReadableStream;
  readonly session: Session;
  readonly show: ShowReply;
  readonly help: string;
  readonly io: Io;
}

/**
 * Runs the lines of a file or of another program, each after the one before. No prompt: only values are printed.
 * Resolves at the end of the input to whether every line went well.
 */
export async function runLines({ input, session, show, help, io }: LinesOptions): Promise<boolean> {
  let wentWell = true;
  /** What a statement has of lines so far. */
  let text = '';
  const lines = createInterface({ input, terminal: false, signal: io.signal });
  for await (const line of lines) {
    if (text === '' && line.trim() === '.exit') break;
    if (text === '' && line.trim() === '.help') {
      io.out(help);
      continue;
    }
    text = text === '' ? line : `${text}\n${line}`;
    try {
      show.value(await session.run(session.compile(text)));
    } catch (error) {
      if (error instanceof IncompleteLine) continue;
      wentWell = false;
      show.error(error);
    }
    text = '';
  }
  if (text === '') return wentWell;
  show.error(new IncompleteLine());
  return false;
}
