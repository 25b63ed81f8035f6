import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datastore, t } from 'nightshift';
import { connect } from 'nightshift/client';
import { createWorker } from 'nightshift/worker';
import { resolveConfig } from '../../src/config';
import { useAppFolder } from '../support/app-folder';
import { type Authority, type Certificate, createAuthority } from '../support/certificates';
import { cli } from '../support/cli';
import { errorWith } from '../support/error-with';
import { useApp } from '../support/test-app';
import { grpcProxyTo, type TlsProxy, tlsProxyTo } from '../support/tls-proxies';

jest.setTimeout(60_000);
const folder = mkdtempSync(join(tmpdir(), 'nightshift-tls-'));
const appFolder = useAppFolder();
const app = useApp();
const appFile = appFolder.write(`
  export const Seen = datastore('Seen', { n: t.Int });
  export const keep = worker('keep', async ({ n }: { n: number }, { id }) => {
    await DB.set({ n }, id, Seen);
    return (await DB.get(id, Seen))?.n;
  });
`);
const Seen = datastore('Seen', { n: t.Int });
const API_KEY = 'key-5f1c77';
const NO_FILE = { TEMPORAL_CONFIG_FILE: '/nonexistent' };

let authority: Authority;
let other: Authority;
let server: Certificate;
let user: Certificate;
const proxies: TlsProxy[] = [];
const opened = (proxy: TlsProxy): TlsProxy => (proxies.push(proxy), proxy);
const temporal = process.env['TEMPORAL_ADDRESS'] ?? '';
/** host:port of the test's MongoDB. */
const mongodbHost = new URL((process.env['MONGODB_URI'] ?? '').replace(/^mongodb/, 'http')).host;
let mongodb: TlsProxy;
let mutual: TlsProxy;

beforeAll(async () => {
  authority = createAuthority(folder, 'known');
  other = createAuthority(folder, 'other');
  server = authority.sign('server', 'IP:127.0.0.1,DNS:localhost');
  user = authority.sign('user', 'DNS:user');
  const identity = { cert: server.cert, key: server.key, ca: authority.cert };
  const asked = { ...identity, requestCert: true, rejectUnauthorized: true };
  mutual = opened(await grpcProxyTo(temporal, asked));
  mongodb = opened(await tlsProxyTo(mongodbHost, asked));
});
afterAll(() => {
  for (const proxy of proxies) proxy.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The driver takes the client's certificate and its key from one file. */
function mongodbUri(caFile = authority.certFile): string {
  const both = join(folder, 'user.pem');
  writeFileSync(both, Buffer.concat([user.cert, user.key]));
  const options = { tls: 'true', tlsCAFile: caFile, tlsCertificateKeyFile: both };
  return `mongodb://${mongodb.address}/?${new URLSearchParams({ ...options, directConnection: 'true' }).toString()}`;
}

const withKey = (address: string): NodeJS.ProcessEnv => ({
  ...NO_FILE,
  NIGHTSHIFT_NAME: app.name,
  TEMPORAL_ADDRESS: address,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority.certFile,
  MONGODB_URI: mongodbUri(),
});
const withCertificate = (address: string): NodeJS.ProcessEnv => ({
  ...withKey(address),
  TEMPORAL_TLS_CLIENT_CERT_PATH: user.certFile,
  TEMPORAL_TLS_CLIENT_KEY_PATH: user.keyFile,
});

/** Serves the app and runs an event, with nothing known but this environment. */
async function runEvent(env: NodeJS.ProcessEnv, n: number): Promise<unknown> {
  const config = resolveConfig({}, { env, cwd: folder });
  await using worker = await createWorker({ ...config, app: appFile });
  expect(worker.serves.workers).toEqual(['keep']);
  await using client = await connect(config);
  const event = await client.emit({ n }, 'keep', { id: `n-${n}` });
  const result = await event.result();
  expect(await client.DB.get(`n-${n}`, Seen)).toEqual({ n });
  expect((await client.traces.get(`n-${n}`)).attempts[0]?.steps).toHaveLength(2);
  return result;
}

test('events run over TLS with client certificates, at both servers', async () => {
  expect(await runEvent(withCertificate(mutual.address), 1)).toBe(1);
});

test("the same from Temporal's own configuration file", async () => {
  const file = join(folder, 'temporal.toml');
  writeFileSync(
    file,
    `[profile.secure]
address = "${mutual.address}"
[profile.secure.tls]
server_ca_cert_path = "${authority.certFile}"
client_cert_path = "${user.certFile}"
client_key_path = "${user.keyFile}"
`,
  );
  const env = {
    NIGHTSHIFT_NAME: app.name,
    MONGODB_URI: mongodbUri(),
    TEMPORAL_CONFIG_FILE: file,
    TEMPORAL_PROFILE: 'secure',
  };
  expect(await runEvent(env, 2)).toBe(2);
});

test('the same with an API key', async () => {
  const identity = { cert: server.cert, key: server.key };
  const keyed = opened(await grpcProxyTo(temporal, identity, API_KEY));
  expect(await runEvent({ ...withKey(keyed.address), TEMPORAL_API_KEY: API_KEY }, 3)).toBe(3);
});

describe('says what is wrong:', () => {
  const refusal = async (env: NodeJS.ProcessEnv): Promise<unknown> =>
    connect(resolveConfig({}, { env, cwd: folder })).then(
      () => 'connected',
      (error: unknown) => error,
    );

  test.each<[string, () => NodeJS.ProcessEnv, RegExp, string]>([
    [
      'an authority that did not sign the certificate of Temporal',
      () => ({
        ...withCertificate(mutual.address),
        TEMPORAL_TLS_SERVER_CA_CERT_PATH: other.certFile,
      }),
      /cannot be connected to: its certificate comes from an authority that is not known here/,
      'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    ],
    [
      'another name in the certificate',
      () => ({ ...withCertificate(mutual.address), TEMPORAL_TLS_SERVER_NAME: 'example.com' }),
      /its certificate is for another name/,
      'TEMPORAL_TLS_SERVER_NAME',
    ],
    [
      'no client certificate',
      () => withKey(mutual.address),
      /it demands a client certificate/,
      'TEMPORAL_TLS_CLIENT_CERT_PATH',
    ],
    [
      'TLS to a server that has none',
      () => ({ ...withKey(temporal), TEMPORAL_TLS: 'true' }),
      /it does not speak TLS/,
      'TEMPORAL_TLS=false',
    ],
    [
      'no TLS to a server that has it',
      () => ({ ...NO_FILE, NIGHTSHIFT_NAME: app.name, TEMPORAL_ADDRESS: mutual.address }),
      /it speaks TLS, and we do not/,
      'TEMPORAL_TLS=true',
    ],
  ])('%s', async (_what, env, message, remedy) => {
    const error = await refusal(env());
    expect(error).toMatchObject({ name: 'ConfigError', code: 'temporal_unreachable' });
    expect((error as Error).message).toMatch(message);
    expect((error as { remedies: string[] }).remedies.join()).toContain(remedy);
  });

  test('a client certificate of another authority', async () => {
    const stranger = other.sign('stranger', 'DNS:stranger');
    const env = {
      ...withKey(mutual.address),
      TEMPORAL_TLS_CLIENT_CERT_PATH: stranger.certFile,
      TEMPORAL_TLS_CLIENT_KEY_PATH: stranger.keyFile,
    };
    expect(await refusal(env)).toEqual(
      errorWith({
        code: 'temporal_unreachable',
        message: expect.stringMatching(/does not accept our client certificate/) as string,
      }),
    );
  });

  test.each<[string, string | undefined]>([
    ['a wrong API key', 'wrong-8d21'],
    ['no API key', undefined],
  ])('%s', async (_what, key) => {
    const identity = { cert: server.cert, key: server.key };
    const keyed = opened(await grpcProxyTo(temporal, identity, API_KEY));
    const env = {
      ...withKey(keyed.address),
      ...(key === undefined ? {} : { TEMPORAL_API_KEY: key }),
    };
    const error = (await refusal(env)) as Error;
    expect(error.message).toMatch(/refuses us: Request unauthorized/);
    expect(JSON.stringify([error.message, error])).not.toContain('wrong-8d21');
  });

  test('an authority that did not sign the certificate of MongoDB', async () => {
    const env = { ...withCertificate(mutual.address), MONGODB_URI: mongodbUri(other.certFile) };
    expect(await refusal(env)).toEqual(
      errorWith({
        code: 'mongodb_unreachable',
        message: expect.stringMatching(/certificate/) as string,
      }),
    );
  });

  test('a certificate file that is not there', () => {
    const env = {
      ...withKey(mutual.address),
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nonexistent.crt',
    };
    expect(() => resolveConfig({}, { env, cwd: folder })).toThrow(/nonexistent\.crt/);
  });

  test('on the command line', async () => {
    const env = {
      ...withCertificate(mutual.address),
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: other.certFile,
    };
    const { code, err } = await cli(['status'], { env });
    expect(code).toBe(1);
    expect(err).toContain('its certificate comes from an authority that is not known here');
    expect(err).toContain('TEMPORAL_TLS_SERVER_CA_CERT_PATH');
  });
});
