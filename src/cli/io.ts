import pc from 'picocolors';

type Colors = ReturnType<typeof pc.createColors>;

/** All that the command line has of the process, so that tests can give it another. */
export interface Io {
  /** Data: what a program may read. */
  out(text: string): void;
  /** Everything else: progress, notes, errors. */
  err(text: string): void;
  readonly stdin: () => Promise<string>;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Whether stderr is a terminal, where bars may move. */
  readonly interactive: boolean;
  /** How wide stdout is, where it is a terminal: tables are cut to it, and may be drawn again in place. */
  readonly columns?: number;
  readonly colors: Colors;
  readonly symbols: Symbols;
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal;
  /** Told to a parent process, where there is one. */
  send(message: Readonly<Record<string, unknown>>): void;
}

export interface Symbols {
  readonly done: string;
  readonly error: string;
  readonly missing: string;
  readonly new: string;
  readonly scheduled: string;
  readonly locked: string;
  readonly run: string;
  readonly pause: string;
  readonly reload: string;
  readonly remedy: string;
  readonly block: string;
  readonly cut: string;
  /** A tree: to the next one, to the last one, and past what stands below one. */
  readonly branch: string;
  readonly last: string;
  readonly trunk: string;
}

export const UNICODE: Symbols = {
  ...{ done: '●', error: '✕', missing: '◇', new: '◌', scheduled: '○', locked: '◐' },
  ...{ run: '▸', pause: '‖', block: '■', reload: '↻', remedy: '→', cut: '…' },
  ...{ branch: '├─', last: '└─', trunk: '│' },
};
export const ASCII: Symbols = {
  ...{ done: 'ok', error: 'x', missing: '?', new: '.', scheduled: 'o', locked: '*' },
  ...{ run: '>', pause: '||', block: '#', reload: '~', remedy: '>', cut: '~' },
  ...{ branch: '|-', last: '`-', trunk: '|' },
};

/** The process's own. */
export function processIo(env: NodeJS.ProcessEnv, signal: AbortSignal): Io {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    stdin: readStdin,
    env,
    cwd: process.cwd(),
    interactive: process.stderr.isTTY && env['TERM'] !== 'dumb',
    ...(process.stdout.isTTY ? { columns: process.stdout.columns } : {}),
    // Tables go to one, everything else to the other.
    colors: pc.createColors(hasColors(env, process.stdout.isTTY && process.stderr.isTTY)),
    symbols: isUtf8(env) ? UNICODE : ASCII,
    signal,
    send: (message) => void process.send?.(message),
  };
}

function hasColors(env: NodeJS.ProcessEnv, terminal: boolean): boolean {
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0';
  return terminal && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb';
}

function isUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = env['LC_ALL'] ?? env['LC_CTYPE'] ?? env['LANG'];
  return locale === undefined ? process.platform !== 'win32' : /utf-?8/i.test(locale);
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
