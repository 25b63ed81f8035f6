import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDocumentdb } from './build-documentdb';
import { buildGo, findGo } from './build-go';
import { cached } from './cache';
import { requireChroot } from './chroot';
import { downloadMongod, requireMongodHost } from './download';
import { goModuleDir } from './package-root';
import { runTool } from './run-tool';
import { DOCUMENTDB, GATEWAY_VERSION, isOlder, MONGOD_MINIMUM, MONGOD_VERSION } from './versions';
import {
  allParts,
  asTask,
  findProgram,
  firstOpen,
  givenBinary,
  WayClosed,
  type SetupContext,
  type Way,
} from './ways';

/** MongoDB's own server, or a gateway that speaks its protocol on top of PostgreSQL with DocumentDB. */
export type MongodbProgram =
  | { readonly kind: 'mongod'; readonly path: string; readonly source: string }
  | {
      readonly kind: 'documentdb';
      readonly root: string;
      readonly gateway: string;
      readonly source: string;
    };

export interface ObtainMongodbOptions {
  readonly given: string | undefined;
  /** Which kind of server wrote the data that are there; the other kind cannot read them. */
  readonly kind: MongodbProgram['kind'] | undefined;
}

const GIVEN = 'MONGOMS_SYSTEM_BINARY';

/**
 * Finds or makes a MongoDB server: mongod given, on PATH, cached or downloaded; else DocumentDB, cached or built.
 * @throws {ConfigError} code `mongodb_unavailable`, naming each way and why it is closed.
 */
export function obtainMongodb(
  { given, kind }: ObtainMongodbOptions,
  context: SetupContext,
): Promise<MongodbProgram> {
  const entries = documentdbEntries(context.cacheDir);
  const version = context.env['MONGOMS_VERSION'] || MONGOD_VERSION;
  const mongodEntry = join(context.cacheDir, `mongod-${version}`);
  const ways: (Way<MongodbProgram> & { kind: MongodbProgram['kind'] })[] = [
    {
      name: 'a binary given',
      kind: 'mongod',
      go: async () => ({
        kind: 'mongod',
        path: await givenBinary(given ?? context.env[GIVEN], GIVEN),
        source: `mongod given by ${given === undefined ? GIVEN : 'options'}`,
      }),
    },
    { name: 'mongod on PATH', kind: 'mongod', go: () => onPath(context) },
    {
      name: 'mongod in the cache',
      kind: 'mongod',
      go: () => Promise.resolve(mongodFromCache(mongodEntry, version)),
    },
    {
      name: 'DocumentDB in the cache',
      kind: 'documentdb',
      go: () => documentdbFromCache(entries, context),
    },
    {
      name: 'official download of mongod',
      kind: 'mongod',
      go: () => download(mongodEntry, version, context),
    },
    {
      name: 'DocumentDB from Debian, with a gateway built with Go',
      kind: 'documentdb',
      go: () => buildBoth(entries, context),
    },
  ];
  const usable = ways.filter((way) => kind === undefined || way.kind === kind);
  return firstOpen(
    kind === undefined ? 'a MongoDB server' : `a MongoDB server for the existing data (${kind})`,
    'mongodb_unavailable',
    usable,
  );
}

interface DocumentdbEntries {
  readonly documentdb: string;
  readonly gateway: string;
}

async function onPath(context: SetupContext): Promise<MongodbProgram> {
  const path = await findProgram('mongod', context.env);
  if (path === undefined) throw new WayClosed('there is no "mongod" on PATH', 'Install MongoDB');
  const { env, signal } = context;
  const text = await runTool(path, ['--version'], { env, signal, timeoutMs: 20_000 });
  const version = /\d+\.\d+\.\d+/.exec(text)?.[0] ?? '0';
  if (isOlder(version, MONGOD_MINIMUM)) {
    const why = `"${path}" is version ${version}, ${MONGOD_MINIMUM} is needed`;
    throw new WayClosed(why, 'Update MongoDB on PATH');
  }
  return { kind: 'mongod', path, source: `mongod ${version} on PATH` };
}

function mongodFromCache(entry: string, version: string): MongodbProgram {
  const path = join(entry, 'mongod');
  if (!existsSync(path)) throw new WayClosed('nothing there');
  return { kind: 'mongod', path, source: `cached download of mongod ${version}` };
}

async function download(
  entry: string,
  version: string,
  context: SetupContext,
): Promise<MongodbProgram> {
  const title = 'Downloading MongoDB';
  await requireMongodHost(context.env);
  await cached(entry, title, context, (dir) =>
    asTask(context.progress, title, (report) => downloadMongod(dir, version, context, report)),
  );
  return mongodFromCache(entry, version);
}

function documentdbEntries(cacheDir: string): DocumentdbEntries {
  const { version, suite } = DOCUMENTDB;
  return {
    documentdb: join(cacheDir, `documentdb-${version}-${suite}`),
    gateway: join(cacheDir, `mongodb-gateway-${GATEWAY_VERSION}-${gatewayHash()}`),
  };
}

/** The gateway's main file is ours and changes without a new version of FerretDB. */
function gatewayHash(): string {
  const module = goModuleDir('mongodb-gateway');
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.sum']) hash.update(readFileSync(join(module, file)));
  return hash.digest('hex').slice(0, 8);
}

async function documentdbFromCache(
  { documentdb, gateway }: DocumentdbEntries,
  context: SetupContext,
): Promise<MongodbProgram> {
  if (!existsSync(documentdb) || !existsSync(gateway)) throw new WayClosed('nothing there');
  await requireChroot(context.env);
  return {
    kind: 'documentdb',
    root: join(documentdb, 'root'),
    gateway: join(gateway, 'gateway'),
    source: `cached build of DocumentDB ${DOCUMENTDB.version} with FerretDB ${GATEWAY_VERSION}`,
  };
}

async function buildBoth(
  entries: DocumentdbEntries,
  context: SetupContext,
): Promise<MongodbProgram> {
  const module = goModuleDir('mongodb-gateway');
  // Known before a minute's work is done for nothing.
  await allParts([requireChroot(context.env), findGo(module, context)]);
  const titles = ['Installing DocumentDB', 'Building the MongoDB gateway'] as const;
  await allParts([
    cached(entries.documentdb, titles[0], context, (dir) =>
      asTask(context.progress, titles[0], (report) => buildDocumentdb(dir, context, report)),
    ),
    cached(entries.gateway, titles[1], context, (dir) =>
      asTask(context.progress, titles[1], (report) =>
        buildGo({ module, package: '.', into: dir, program: 'gateway' }, context, report),
      ),
    ),
  ]);
  return documentdbFromCache(entries, context);
}
