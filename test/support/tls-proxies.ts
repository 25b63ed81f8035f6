import { once } from 'node:events';
import {
  connect as connectHttp2,
  constants,
  createSecureServer,
  type IncomingHttpHeaders,
  type Http2Session,
} from 'node:http2';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';

/** Speaks TLS before a server that does not. */
export interface TlsProxy {
  /** host:port */
  readonly address: string;
  close(): void;
}

async function listening(server: Server, close: () => void): Promise<TlsProxy> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** For any protocol. `target` is host:port. */
export async function tlsProxyTo(target: string, tls: TlsOptions): Promise<TlsProxy> {
  const [host = '', port = ''] = target.split(':');
  const open = new Set<Socket>();
  const server = createServer(tls, (near) => {
    const far = connect(Number(port), host);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  server.on('tlsClientError', () => {});
  return listening(server, () => {
    for (const socket of open) socket.destroy();
    server.close();
  });
}

/** For gRPC: lets only those through that send the API key, if one is asked for, as Temporal Cloud does. */
export async function grpcProxyTo(
  target: string,
  tls: TlsOptions,
  apiKey?: string,
): Promise<TlsProxy> {
  const far = connectHttp2(`http://${target}`);
  far.on('error', () => {});
  const sessions = new Set<Http2Session>([far]);
  const server = createSecureServer(tls);
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => session.destroy());
    session.on('close', () => sessions.delete(session));
  });
  server.on('tlsClientError', () => {});
  server.on('stream', (near, headers) => {
    near.on('error', () => near.destroy());
    if (apiKey !== undefined && headers.authorization !== `Bearer ${apiKey}`) {
      const status = { 'grpc-status': '16', 'grpc-message': 'Request unauthorized.' };
      near.respond(
        { ':status': 200, 'content-type': 'application/grpc', ...status },
        { endStream: true },
      );
      return;
    }
    const stream = far.request({ ...headers, ':scheme': 'http' });
    stream.on('error', () => near.destroy());
    near.on('close', () => stream.close(constants.NGHTTP2_CANCEL));
    near.pipe(stream);
    let trailers: IncomingHttpHeaders = {};
    stream.on('response', (answer, flags) => {
      const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      if (near.destroyed) return;
      near.respond(answer, { endStream, waitForTrailers: !endStream });
      near.on('wantTrailers', () => void near.sendTrailers(trailers));
      if (!endStream) stream.pipe(near);
    });
    stream.on('trailers', (sent: IncomingHttpHeaders) => {
      trailers = sent;
    });
  });
  return listening(server, () => {
    for (const session of sessions) session.destroy();
    server.close();
  });
}
