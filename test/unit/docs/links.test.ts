import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..', '..');

const pages = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** As GitHub makes the anchor of a heading. */
const anchorsIn = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

test.each(pages)('all links of %s lead somewhere', (page) => {
  const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, to = '']) => to);
  const broken = links.filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
    if (!existsSync(target)) return true;
    return anchor !== undefined && !anchorsIn(readFileSync(target, 'utf8')).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test('the index names every page of docs', () => {
  const index = textOf('docs/README.md');
  const unnamed = pages
    .filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
    .filter((page) => !index.includes(`(${page.slice('docs/'.length)})`));
  expect(unnamed).toEqual([]);
});

describe('each folder of src', () => {
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  test.each(folders)('%s says where to begin, and names files that are there', (folder) => {
    const text = textOf(`src/${folder}/README.md`);
    expect(text).toContain('**Begin with**');
    const named = [...text.matchAll(/`((?:[\w-]+\/)*[\w-]+\.(?:test\.)?[a-z]{2,3})`/g)];
    const wrong = named
      .map(([, file = '']) => file)
      .filter(
        (file) =>
          !['', `src/${folder}`, 'test/integration', 'test/property'].some((at) =>
            existsSync(join(ROOT, at, file)),
          ),
      );
    expect(wrong).toEqual([]);
  });
});
