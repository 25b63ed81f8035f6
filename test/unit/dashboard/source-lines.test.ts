import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceLines } from '../../../src/dashboard/source-lines';
import { useAppFolder } from '../../support/app-folder';

const folder = useAppFolder();
const file = folder.write(
  ['one', 'two', 'three', 'four', 'five', 'x'.repeat(1000)].join('\n'),
  'app.ts',
);

it.each([
  [1, ['one', 'two', 'three']],
  [3, ['one', 'two', 'three', 'four', 'five']],
  [5, ['three', 'four', 'five', 'x'.repeat(300)]],
])('gives the lines around line %d', async (row, texts) => {
  const source = await sourceLines(`${file}:${row}:2`);
  expect(source?.lines.map(({ text }) => text)).toEqual(texts);
  expect(source?.lines.filter(({ at }) => at).map(({ number }) => number)).toEqual([row]);
});

it('shows no file but source code, whatever a stack says', async () => {
  const secret = folder.write('TOKEN=1', '.env');
  const large = folder.write('x', 'large.ts');
  truncateSync(large, 2 ** 20 + 1);
  writeFileSync(join(folder.path, 'key.pem'), 'key');
  symlinkSync(folder.path, join(folder.path, 'folder.ts'));
  for (const place of [
    ...[`${secret}:1:1`, `${join(folder.path, 'key.pem')}:1:1`, '/etc/passwd:1:1'],
    ...[`${large}:1:1`, `${join(folder.path, 'folder.ts')}:1:1`],
    ...[`${file}:0:1`, `${file}:99:1`, `${file}`, '', 'none.ts:1:1', '\0.ts:1:1'],
  ])
    expect([place, await sourceLines(place)]).toEqual([place, undefined]);
});
