import { connect } from 'node:net';

const TIMEOUT_MS = 3_000;

const KINDS: readonly (readonly [code: RegExp, what: string])[] = [
  [/ECONNREFUSED/, 'nothing listens there'],
  [/ENOTFOUND|EAI_AGAIN/, 'no host of that name is known'],
  [/ENODATA/, 'no servers are known under that name'],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timed out/i, 'no answer came in time'],
  [/ECONNRESET|EPIPE|connection .*closed/i, 'it closes the connection'],
];

/** What the text of a network error means, with its code; the text itself where that is not known. */
export function inPlainWords(message: string): string {
  const [pattern, what] = KINDS.find(([one]) => one.test(message)) ?? [];
  const [code] = (pattern === undefined ? null : /\bE[A-Z_]{4,}\b/.exec(message)) ?? [];
  if (what === undefined) return message;
  return code === undefined ? what : `${what} (${code})`;
}

/** Tries to connect, for clients that do not say why they cannot. Undefined: it can be connected to. */
export function whyUnreachable(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const end = (why?: string): void => {
      socket.destroy();
      resolve(why);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(inPlainWords('ETIMEDOUT')));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(inPlainWords(error.code ?? error.message)),
    );
  });
}

/** `what` is a server, `variable` that of its address. */
export const waysToStart = (variable: string): string[] => [
  'start everything with: npx nightshift dev <app>',
  `or set ${variable} to the address of a running server`,
];
