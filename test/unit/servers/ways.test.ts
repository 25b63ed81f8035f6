import { join } from 'node:path';
import { ConfigError } from '../../../src/shared/errors';
import {
  allParts,
  findProgram,
  firstOpen,
  givenBinary,
  WayClosed,
} from '../../../src/servers/ways';
import { script, useFolder } from './support';

const closed =
  (why: string, ...remedies: string[]) =>
  async (): Promise<string> => {
    throw new WayClosed(why, ...remedies);
  };

test('takes the first way that is open', async () => {
  const last = jest.fn();
  const found = await firstOpen('a server', 'temporal_unavailable', [
    { name: 'on PATH', go: closed('not there') },
    { name: 'in the cache', go: async () => 'cached' },
    { name: 'built', go: last },
  ]);
  expect(found).toBe('cached');
  expect(last).not.toHaveBeenCalled();
});

test('names every way, why it is closed and what would open it', async () => {
  const none = firstOpen('a server', 'temporal_unavailable', [
    { name: 'on PATH', go: closed('not there', 'Install it') },
    { name: 'download', go: closed('no network', 'Connect', 'Install it') },
    { name: 'build', go: () => Promise.reject(new Error('compiler says no')) },
  ]);
  await expect(none).rejects.toBeInstanceOf(ConfigError);
  await expect(none).rejects.toMatchObject({
    code: 'temporal_unavailable',
    message:
      'No way to get a server is open here\n  on PATH: not there\n  download: no network\n  build: compiler says no',
    remedies: ['Install it', 'Connect'],
  });
});

test('does not go on after Ctrl-C, nor when what was asked for by name is wrong', async () => {
  const wrong = (): Promise<string> => givenBinary('/no/such/file', 'X_BINARY');
  const ways = [
    { name: 'given', go: wrong },
    { name: 'other', go: async () => 'other' },
  ];
  await expect(firstOpen('a server', 'temporal_unavailable', ways)).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'X_BINARY names "/no/such/file", which cannot be run',
  });
});

test('tells about every part that failed', async () => {
  await allParts([Promise.resolve(1)]);
  const failing = allParts([closed('no Go', 'Install Go')(), closed('not root', 'Be root')()]);
  await expect(failing).rejects.toMatchObject({
    message: 'no Go; not root',
    remedies: ['Install Go', 'Be root'],
  });
});

describe('programs on PATH', () => {
  const folder = useFolder();

  test('are found in order, if they can be run', async () => {
    const path = script(join(folder.path, 'tool'), 'true');
    const env = { PATH: `/no/such/folder:${folder.path}` };
    expect(await findProgram('tool', env)).toBe(path);
    expect(await findProgram('other', env)).toBeUndefined();
    expect(await findProgram('tool', {})).toBeUndefined();
  });
});
