import { createServer, type AddressInfo } from 'node:net';
import { whyUnreachable } from '../../../src/servers/reachable';

test('a host that answers is reachable; behind a proxy the proxy is what counts', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  expect(await whyUnreachable(url, {})).toBeUndefined();
  expect(await whyUnreachable('https://nowhere.invalid', { https_proxy: url })).toBeUndefined();
  server.close();
});

test('says quickly why not', async () => {
  expect(await whyUnreachable('http://127.0.0.1:1', {})).toBe(
    'no network: 127.0.0.1: ECONNREFUSED',
  );
  expect(await whyUnreachable('https://nowhere.invalid', {})).toMatch(
    /^no network: nowhere.invalid/,
  );
  expect(await whyUnreachable('http://:x', {})).toBe('"http://:x" is not a URL');
});
