import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { TlsOptions } from '../config';

/** Why two sides do not come to an understanding, and what to do. */
export interface TlsProblem {
  readonly what: string;
  readonly remedies: readonly string[];
}

const TIMEOUT_MS = 3_000;
/** A server that misses a certificate of ours says so only after the handshake. */
const SETTLE_MS = 300;

const KINDS: readonly (readonly [code: RegExp, what: string, remedy: string])[] = [
  [
    /SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/,
    'its certificate comes from an authority that is not known here',
    'set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the file with the certificate of its authority',
  ],
  [
    /ALTNAME_INVALID/,
    'its certificate is for another name',
    'set TEMPORAL_TLS_SERVER_NAME to the name in its certificate',
  ],
  [/EXPIRED/, 'its certificate has expired', 'renew it on the server'],
  [
    /ALERT_CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/,
    'it demands a client certificate',
    'set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH',
  ],
  [
    /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE)|^CLOSED$/,
    'it does not accept our client certificate',
    'check TEMPORAL_TLS_CLIENT_CERT_PATH: the server must know its authority',
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH/,
    'it does not speak TLS',
    'leave out TEMPORAL_TLS and TEMPORAL_TLS_*; with an API key, set TEMPORAL_TLS=false',
  ],
];

/**
 * Tries a handshake of its own: gRPC says only that it could not connect. Undefined if nothing is wrong with TLS, or
 * nobody answers at all.
 */
export async function tlsProblem(
  address: string,
  tls: TlsOptions | boolean | undefined,
): Promise<TlsProblem | undefined> {
  const where = { ...partsOf(address), ALPNProtocols: ['h2'] };
  if (tls === undefined || tls === false) {
    const code = await handshake({
      ...where,
      ...named(undefined, where.host),
      rejectUnauthorized: false,
    });
    const speaksTls = code === undefined || /_ALERT_|^CLOSED$/.test(code);
    if (!speaksTls) return undefined;
    return { what: 'it speaks TLS, and we do not', remedies: ['set TEMPORAL_TLS=true'] };
  }
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = tls === true ? {} : tls;
  const code = await handshake({
    ...where,
    ...named(serverNameOverride, where.host),
    ...(serverRootCACertificate === undefined ? {} : { ca: serverRootCACertificate }),
    ...(clientCertPair === undefined ? {} : { cert: clientCertPair.crt, key: clientCertPair.key }),
  });
  const [, what, remedy] = KINDS.find(([pattern]) => pattern.test(code ?? '')) ?? [];
  return what === undefined || remedy === undefined
    ? undefined
    : { what: `${what} (${code})`, remedies: [remedy] };
}

/** Node warns if the name that is asked for is an IP address, which it is by default. */
function named(servername: string | undefined, host: string): { servername?: string } {
  if (servername !== undefined) return { servername };
  return isIP(host) > 0 ? { servername: '' } : {};
}

/** Of an address as Temporal's client takes it. */
export function partsOf(address: string): { host: string; port: number } {
  const [, host = address, port = '7233'] = /^(.*):(\d+)$/.exec(address) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** The code of what went wrong; undefined for nothing. */
function handshake(options: ConnectionOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    let socket: TLSSocket | undefined;
    const end = (code?: string): void => {
      socket?.destroy();
      resolve(code);
    };
    try {
      socket = connect({ ...options, timeout: TIMEOUT_MS });
    } catch (error) {
      return end((error as NodeJS.ErrnoException).code ?? 'invalid'); // a certificate that cannot be read
    }
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.once('timeout', () => end('timeout'));
    socket.once('secureConnect', () => {
      socket?.once('end', () => end('CLOSED'));
      setTimeout(end, SETTLE_MS);
    });
  });
}
