import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..', '..');

interface Block {
  readonly name: string;
  readonly source: string;
}

/** Every ```ts block of the README and the docs. Blocks of one page that do not import anything continue the one before. */
function blocksOf(file: string): Block[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, source = ''], i) => ({
    name: join(ROOT, `${file.replaceAll('/', '-')}.${i + 1}.ts`),
    source: `${source}\nexport {};\n`,
  }));
}

function complaintsAbout(blocks: readonly Block[]): string[] {
  const sources = new Map(blocks.map(({ name, source }) => [name, source]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.es2024.string.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    paths: { nightshift: [join(ROOT, 'index.ts')], 'nightshift/*': [join(ROOT, '*.ts')] },
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    esModuleInterop: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const fileExists = host.fileExists.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.getSourceFile = (name, target, ...rest) => {
    const source = sources.get(name);
    return source === undefined
      ? getSourceFile(name, target, ...rest)
      : ts.createSourceFile(name, source, target);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return ts.getPreEmitDiagnostics(program, file).map(({ messageText, start = 0 }) => {
      const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
      return `${name}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
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
