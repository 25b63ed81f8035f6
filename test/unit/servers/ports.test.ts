import { createServer, type AddressInfo, type Server } from 'node:net';
import { choosePort, isListening, listeningInodes } from '../../../src/servers/ports';

const use = { purpose: 'Temporal', flag: '--temporal-port', variable: 'TEMPORAL_ADDRESS' };

function listen(host: string): Promise<{ server: Server; port: number }> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, host, () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}

test('takes a free port for 0', async () => {
  const port = await choosePort(0, use);
  expect(port).toBeGreaterThan(0);
  expect(await isListening(port)).toBe(false);
  expect(await choosePort(port, use)).toBe(port);
});

test.each(['127.0.0.1', '0.0.0.0'])('says what a port is used by: %s', async (host) => {
  const { server, port } = await listen(host);
  await expect(choosePort(port, use)).rejects.toMatchObject({
    code: 'port_in_use',
    message: expect.stringMatching(`^Port ${port}, meant for Temporal, is in use by `),
    remedies: [
      expect.stringMatching(/^End /),
      'Use what runs there: set TEMPORAL_ADDRESS',
      'Choose another port with --temporal-port',
    ],
  });
  if (process.platform === 'linux') {
    await expect(choosePort(port, use)).rejects.toMatchObject({
      details: { port, pid: process.pid },
    });
  }
  server.close();
});

test('finds listening sockets in the table of the kernel', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1C41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1',
    '   1: 0100007F:1C41 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 222 1',
    '   2: 00000000:1C42 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1',
  ].join('\n');
  expect(listeningInodes(table, 7233)).toEqual(['111']);
});
