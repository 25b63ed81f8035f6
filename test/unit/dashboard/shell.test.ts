import { execFileSync } from 'node:child_process';
import { commandOf, shellWord } from '../../../src/dashboard/parts/shell';

it.each([
  'a',
  '',
  'a b',
  "it's",
  '$HOME',
  '`x`',
  'a"b',
  '*',
  '~',
  '#x',
  'ü',
  '--json',
  'a;b',
  '{}',
])('a shell reads back what was quoted: %j', (word) => {
  const read = execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' });
  expect(read).toBe(word);
});

it('quotes only what needs it', () => {
  expect(commandOf('emit', 'github.push', '{}')).toBe("nightshift emit github.push '{}'");
});
