import { connect } from 'node:net';

const TIMEOUT_MS = 2_000;

/**
 * Says why the host of `url` cannot be reached, undefined if it can. Knows at once where there is no network, while
 * downloaders try for long. Behind a proxy it is the proxy that must answer.
 */
export function whyUnreachable(url: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const proxy = env['HTTPS_PROXY'] || env['https_proxy'] || env['ALL_PROXY'] || env['all_proxy'];
  const target = parse(proxy) ?? parse(url);
  if (target === undefined) return Promise.resolve(`"${url}" is not a URL`);
  const port = Number(target.port) || (target.protocol === 'http:' ? 80 : 443);
  return new Promise((resolve) => {
    const socket = connect({ host: target.hostname, port });
    const finish = (why?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(why);
    };
    const timer = setTimeout(
      () => finish(`no network: ${target.hostname} did not answer within ${TIMEOUT_MS / 1000} s`),
      TIMEOUT_MS,
    );
    socket.once('connect', () => finish());
    socket.once('error', (error: NodeJS.ErrnoException) =>
      finish(`no network: ${target.hostname}: ${error.code ?? error.message}`),
    );
  });
}

function parse(url: string | undefined): URL | undefined {
  if (url === undefined || url === '') return undefined;
  try {
    return new URL(url.includes('://') ? url : `http://${url}`);
  } catch {
    return undefined;
  }
}
