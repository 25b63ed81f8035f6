import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { environmentOf, resolveConfig } from '../../src/config';
import { errorWith } from '../support/error-with';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'nightshift-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const write = (file: string, text: string): void => writeFileSync(join(cwd, file), text);
const NO_FILE = { TEMPORAL_CONFIG_FILE: '/nonexistent' };

test('without anything set, has defaults', () => {
  write('package.json', '{"name":"shop"}');
  expect(resolveConfig({}, { env: NO_FILE, cwd })).toEqual({
    name: 'shop',
    temporal: { address: 'localhost:7233', namespace: 'default' },
    mongodb: { uri: 'mongodb://127.0.0.1:27017' },
    shutdownGraceMs: 10_000,
  });
});

test('options come before the environment', () => {
  const env = {
    ...NO_FILE,
    NIGHTSHIFT_NAME: 'env',
    NIGHTSHIFT_RETRY_DELAY: '1 minute',
    NIGHTSHIFT_SHUTDOWN_GRACE: '2 minutes',
    TEMPORAL_ADDRESS: 'env:1',
    TEMPORAL_NAMESPACE: 'env-space',
    MONGODB_URI: 'mongodb://env',
  };
  expect(resolveConfig({}, { env, cwd })).toEqual({
    name: 'env',
    temporal: { address: 'env:1', namespace: 'env-space' },
    mongodb: { uri: 'mongodb://env' },
    retryDelayMs: 60_000,
    shutdownGraceMs: 120_000,
  });
  const options = {
    name: 'option',
    temporal: { address: 'option:1', namespace: 'option-space' },
    mongodb: { uri: 'mongodb://option' },
    retryDelay: 5,
    shutdownGrace: 7,
  };
  expect(resolveConfig(options, { env, cwd })).toEqual({
    name: 'option',
    temporal: { address: 'option:1', namespace: 'option-space' },
    mongodb: { uri: 'mongodb://option' },
    retryDelayMs: 5,
    shutdownGraceMs: 7,
  });
});

test('an option of one part leaves the other parts to the environment', () => {
  const env = { ...NO_FILE, TEMPORAL_ADDRESS: 'env:1', TEMPORAL_NAMESPACE: 'env-space' };
  const { temporal } = resolveConfig({ name: 'a', temporal: { namespace: 'other' } }, { env, cwd });
  expect(temporal).toMatchObject({ address: 'env:1', namespace: 'other' });
});

describe('.env', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test('stands below the environment and above defaults', () => {
    write('.env', 'NIGHTSHIFT_NAME=file\nMONGODB_URI=mongodb://file\n# a comment\n');
    process.env = { MONGODB_URI: 'mongodb://process', ...NO_FILE };
    expect(environmentOf(cwd)).toMatchObject({
      NIGHTSHIFT_NAME: 'file',
      MONGODB_URI: 'mongodb://process',
    });
    expect(resolveConfig({}, { cwd })).toMatchObject({
      name: 'file',
      mongodb: { uri: 'mongodb://process' },
      temporal: { address: 'localhost:7233' },
    });
  });

  test('is not needed', () => {
    expect(environmentOf(cwd)).toBe(process.env);
  });
});

describe('the name of the app', () => {
  test.each<[string, string]>([
    ['{"name":"shop"}', 'shop'],
    ['{"name":"@acme/shop"}', 'shop'],
  ])('is that of the package %s', (json, name) => {
    write('package.json', json);
    expect(resolveConfig({}, { env: NO_FILE, cwd }).name).toBe(name);
  });

  test('is that of the nearest package above', () => {
    write('package.json', '{"name":"above"}');
    const below = join(cwd, 'a', 'b');
    mkdirSync(below, { recursive: true });
    expect(resolveConfig({}, { env: NO_FILE, cwd: below }).name).toBe('above');
  });

  test.each(['{}', 'no json', '{"name":5}'])(
    'is that of the folder if package.json is %s',
    (json) => {
      const folder = join(cwd, 'my-shop');
      mkdirSync(folder);
      writeFileSync(join(folder, 'package.json'), json);
      expect(resolveConfig({}, { env: NO_FILE, cwd: folder }).name).toBe('my-shop');
    },
  );

  test.each(['a.b', 'a b', ''])('is refused as %p', (name) => {
    expect(() => resolveConfig({ name }, { env: NO_FILE, cwd })).toThrow(
      errorWith({
        code: 'config_invalid',
        remedies: ['set NIGHTSHIFT_NAME, or pass the option "name"'],
      }),
    );
  });
});

test('TLS and API key come from the environment, and from options first', () => {
  const env = { ...NO_FILE, TEMPORAL_API_KEY: 'key', TEMPORAL_TLS_SERVER_NAME: 'name' };
  expect(resolveConfig({ name: 'a' }, { env, cwd }).temporal).toMatchObject({
    apiKey: 'key',
    tls: { serverNameOverride: 'name' },
  });
  expect(
    resolveConfig({ name: 'a', temporal: { apiKey: 'mine', tls: true } }, { env, cwd }).temporal,
  ).toMatchObject({
    apiKey: 'mine',
    tls: true,
  });
});

test('an API key needs no TLS where TLS is switched off', () => {
  const env = { ...NO_FILE, TEMPORAL_API_KEY: 'key', TEMPORAL_TLS: 'false' };
  expect(resolveConfig({ name: 'a' }, { env, cwd }).temporal).toMatchObject({
    apiKey: 'key',
    tls: false,
  });
});

test.each<[string, string]>([
  ['127.0.0.1:9464', '127.0.0.1:9464'],
  ['localhost:9464', '127.0.0.1:9464'],
  ['[::1]:9464', '[::1]:9464'],
])('metrics at %s are served at %s', (given, address) => {
  const env = { ...NO_FILE, NIGHTSHIFT_METRICS: given };
  expect(resolveConfig({ name: 'a' }, { env, cwd }).metrics).toBe(address);
  expect(resolveConfig({ name: 'a', metrics: false }, { env, cwd }).metrics).toBeUndefined();
});

test.each(['true', '1'])(
  'NIGHTSHIFT_OPENTELEMETRY=%s makes spans, unless the option says no',
  (on) => {
    const env = { ...NO_FILE, NIGHTSHIFT_OPENTELEMETRY: on };
    expect(resolveConfig({ name: 'a' }, { env, cwd }).openTelemetry).toBe(true);
    expect(
      resolveConfig({ name: 'a', openTelemetry: false }, { env, cwd }).openTelemetry,
    ).toBeUndefined();
  },
);

test('the encryption key comes from the environment, and from options first', () => {
  const key = (id: string): string => `${id}:${Buffer.alloc(32, 7).toString('base64')}`;
  const env = { ...NO_FILE, NIGHTSHIFT_ENCRYPTION_KEY: key('env') };
  expect(resolveConfig({ name: 'a' }, { env, cwd }).temporal.encryptionKey).toBe(key('env'));
  const options = { name: 'a', temporal: { encryptionKey: key('mine') } };
  expect(resolveConfig(options, { env, cwd }).temporal.encryptionKey).toBe(key('mine'));
});

test.each<[NodeJS.ProcessEnv, string]>([
  [
    { MONGODB_URI: 'postgres://user:s3cret@host' },
    'MONGODB_URI must start with mongodb:// or mongodb+srv://',
  ],
  [{ MONGODB_URI: '' }, 'MONGODB_URI'],
  [{ NIGHTSHIFT_NAME: '' }, 'NIGHTSHIFT_NAME'],
  [{ NIGHTSHIFT_RETRY_DELAY: 'soon' }, 'NIGHTSHIFT_RETRY_DELAY'],
  [{ NIGHTSHIFT_SHUTDOWN_GRACE: 'long' }, 'NIGHTSHIFT_SHUTDOWN_GRACE'],
  [{ NIGHTSHIFT_BUILD_ID: 'a b' }, 'NIGHTSHIFT_BUILD_ID'],
  [{ NIGHTSHIFT_METRICS: '9464' }, 'NIGHTSHIFT_METRICS'],
  [{ NIGHTSHIFT_METRICS: 'example.com:9464' }, 'NIGHTSHIFT_METRICS'],
  [{ NIGHTSHIFT_METRICS: '127.0.0.1:70000' }, 'NIGHTSHIFT_METRICS'],
  [{ NIGHTSHIFT_ENCRYPTION_KEY: 'k1:s3cret' }, 'NIGHTSHIFT_ENCRYPTION_KEY'],
])('a bad variable is named, its value is not shown: %p', (variables, text) => {
  const resolve = (): unknown =>
    resolveConfig({ name: 'a' }, { env: { ...NO_FILE, ...variables }, cwd });
  expect(resolve).toThrow(text);
  try {
    resolve();
  } catch (error) {
    expect(inspect(error)).not.toContain('s3cret');
  }
});

test("a Temporal configuration that cannot be read is the configuration's fault", () => {
  write('temporal.toml', 'this is [not toml');
  const env = { TEMPORAL_CONFIG_FILE: join(cwd, 'temporal.toml') };
  expect(() => resolveConfig({ name: 'a' }, { env, cwd })).toThrow(
    errorWith({ name: 'ConfigError', code: 'config_invalid' }),
  );
});

test("Temporal's configuration file stands below the environment", () => {
  write('temporal.toml', '[profile.default]\naddress = "file:1"\nnamespace = "file-space"\n');
  const env = { TEMPORAL_CONFIG_FILE: join(cwd, 'temporal.toml'), TEMPORAL_ADDRESS: 'env:1' };
  expect(resolveConfig({ name: 'a' }, { env, cwd }).temporal).toMatchObject({
    address: 'env:1',
    namespace: 'file-space',
  });
});
