import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ROOT,
  type SourceBlock as Block,
  typeComplaints as complaintsAbout,
} from '../../support/type-check';

/** Every ```ts block of the README and the docs. Blocks of one page that do not import anything continue the one before. */
function blocksOf(file: string): Block[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, source = ''], i) => ({
    name: join(ROOT, `${file.replaceAll('/', '-')}.${i + 1}.ts`),
    source: `${source}\nexport {};\n`,
  }));
}

const pages = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((f) => f.endsWith('.md'))
    .map((f) => `docs/${f}`),
];
const blocks = pages.flatMap(blocksOf);

it('finds the code of the documentation', () => {
  expect(blocks.length).toBeGreaterThan(1);
});

it('type-checks every code block of the README and the docs', () => {
  expect(complaintsAbout(blocks)).toEqual([]);
}, 60_000);

it('would notice a mistake in one', () => {
  const wrong = {
    name: join(ROOT, 'wrong.ts'),
    source: "import { worker } from 'nightshift';\nworker(1);\nexport {};\n",
  };
  expect(complaintsAbout([wrong])).not.toEqual([]);
}, 60_000);
