import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VARIABLES } from '../../../src/config-variables';
import { HTTP_CODES } from '../../../src/dashboard/http-codes';
import { ERROR_CODES } from '../../../src/shared/error-codes';

const ROOT = join(__dirname, '..', '..', '..');
const TEXTS = [
  'src/shared/error-codes.ts',
  'src/dashboard/http-codes.ts',
  'src/config-variables.ts',
];

const sources = ['client.ts', 'worker.ts', ...below('src')]
  .filter((file) => !TEXTS.includes(file))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');

function below(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.tsx?$/.test(file)).map((file) => `${folder}/${file}`);
}

test('pages that are made from the code are as the code says', () => {
  const jiti = join(ROOT, 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs');
  execFileSync(process.execPath, [jiti, 'scripts/docs.ts', '--check'], { cwd: ROOT });
}, 60_000);

test.each(Object.keys({ ...ERROR_CODES, ...HTTP_CODES }))('the code %s is used', (code) => {
  expect(sources).toMatch(new RegExp(`'${code}'`));
});

test.each([ERROR_CODES, HTTP_CODES])('codes stand in the order of the alphabet', (codes) => {
  expect(Object.keys(codes)).toEqual(Object.keys(codes).sort());
});

/** Set for a program that Nightshift starts, not read. */
const SET = ['MONGOMS_DOWNLOAD_DIR', 'MONGOMS_PREFER_GLOBAL_PATH'];

test('each variable of ours in the sources is documented, and each that is documented is there', () => {
  const used = sources.match(/\b(NIGHTSHIFT_[A-Z_]+|MONGODB_URI|MONGOMS_[A-Z_]+)\b/g);
  const documented = Object.keys(VARIABLES).flatMap((names) => names.split(', '));
  const ours = documented.filter((name) => /^(NIGHTSHIFT|MONGO)/.test(name));
  expect([...new Set(used)].sort()).toEqual([...ours, ...SET].sort());
});
