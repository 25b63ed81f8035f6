import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { silentProgress } from '../../../src/shared/progress';
import { downloadMongod, requireMongodHost } from '../../../src/servers/download';
import { script, useFolder } from './support';

const folder = useFolder();
let mirror: Server;

/** A mirror that serves one archive, as MongoDB's are laid out, or nothing but errors. */
async function startMirror(archive: Buffer | undefined): Promise<string> {
  mirror = createServer(({ url }, response) => {
    const checksum = `${createHash('md5')
      .update(archive ?? '')
      .digest('hex')}  archive.tgz`;
    const body = url?.endsWith('.md5') === true ? Buffer.from(checksum) : archive;
    response.writeHead(body === undefined ? 404 : 200, { 'content-length': body?.length ?? 0 });
    response.end(body);
  });
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/mongodb-linux-x86_64-debian12-8.2.6.tgz`;
}

afterEach(() => mirror.close());

function download(url: string): Promise<void> {
  const env = { PATH: process.env['PATH'], MONGOMS_DOWNLOAD_URL: url, MONGOMS_USE_HTTP: 'true' };
  const context = { cacheDir: folder.path, env, progress: silentProgress, signal: undefined };
  mkdirSync(join(folder.path, 'into'));
  return downloadMongod(join(folder.path, 'into'), '8.2.6', context, () => {});
}

test('keeps the program of the archive as "mongod"', async () => {
  mkdirSync(join(folder.path, 'mongodb', 'bin'), { recursive: true });
  script(join(folder.path, 'mongodb', 'bin', 'mongod'), 'echo db version v8.2.6');
  const archive = execFileSync('tar', ['cz', '-C', folder.path, 'mongodb']);
  const url = await startMirror(archive);
  await requireMongodHost({ MONGOMS_DOWNLOAD_URL: url });
  await download(url);
  expect(readFileSync(join(folder.path, 'into', 'mongod'), 'utf8')).toContain('v8.2.6');
});

test('tells why a download failed', async () => {
  await expect(download(await startMirror(undefined))).rejects.toThrow(/404/);
  expect(readdirSync(join(folder.path, 'into')).filter((name) => name === 'mongod')).toEqual([]);
});
