import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT, type SourceBlock, typeComplaints } from '../../support/type-check';

const ENTRIES = {
  nightshift: 'index',
  'nightshift/client': 'client',
  'nightshift/worker': 'worker',
  'nightshift/testing': 'testing',
};

const program = ts.createProgram(
  Object.values(ENTRIES).map((name) => join(ROOT, `${name}.ts`)),
  { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, noLib: true },
);
const checker = program.getTypeChecker();

const exportsOf = (entry: string): ts.Symbol[] => {
  const file = program.getSourceFile(join(ROOT, `${entry}.ts`));
  const module = file && checker.getSymbolAtLocation(file);
  return module === undefined ? [] : checker.getExportsOfModule(module);
};

const behind = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

const hasExample = (symbol: ts.Symbol): boolean =>
  symbol.getJsDocTags(checker).some(({ name }) => name === 'example');

const functions = Object.values(ENTRIES)
  .flatMap(exportsOf)
  .map(behind)
  // uuid and hasCode are said by their types
  .filter(
    ({ flags, name }) => flags & ts.SymbolFlags.Function && !['uuid4', 'hasCode'].includes(name),
  );

test.each(functions.map((symbol) => [symbol.name, symbol] as const))(
  'the docstring of %s has an example',
  (_name, symbol) => expect(hasExample(symbol)).toBe(true),
);

test('so has each function on datastores', () => {
  const [DB] = exportsOf('index')
    .filter(({ name }) => name === 'DatastoreFunctions')
    .map((symbol) => checker.getDeclaredTypeOfSymbol(behind(symbol)));
  const members = DB?.getProperties() ?? [];
  expect(members.length).toBeGreaterThan(20);
  const deprecated = (symbol: ts.Symbol): boolean =>
    symbol.getJsDocTags(checker).some(({ name }) => name === 'deprecated');
  const without = members.filter((symbol) => !deprecated(symbol) && !hasExample(symbol));
  expect(without.map(({ name }) => name)).toEqual([]);
});

/** What examples take from around them. */
const AROUND = {
  client: `declare const client: import('nightshift/client').NightshiftClient;`,
  People: `const People = datastore('People', { name: t.String, age: t.Int });`,
  Users: `const Users = datastore('Users', { name: t.String, email: t.String, city: t.String, age: t.Int, pets: t.List(t.String) });`,
  Pets: `const Pets = datastore('Pets', { name: t.String });`,
  Posts: `const Posts = datastore('Posts', { text: t.String });`,
  PostsV2: `const PostsV2 = datastore('PostsV2', { text: t.String, author: t.String });`,
  Accounts: `const Accounts = datastore('Accounts', { name: t.String, secret: t.Password });`,
  sendWelcome: `const sendWelcome = worker('sendWelcome', async (_: { to: string }) => {});`,
  onSignup: `const onSignup = worker('onSignup', { event: t.Record({ name: t.String }) }, async () => {});`,
  greet: `const greet = worker('greet', async (_: string) => {});`,
  event: `declare const event: { to: string; email: string; secret: string };`,
  employee: `declare const employee: { pets: string[] };`,
  response: `declare const response: { status: number };`,
  email: `declare const email: string;`,
  wanted: `declare const wanted: string;`,
  min: `declare const min: number;`,
  app: `declare const app: string;`,
  join: `import { join } from 'node:path';`,
};
const modules: Record<string, readonly string[]> = Object.fromEntries(
  Object.entries(ENTRIES).map(([module, entry]) => [
    module,
    exportsOf(entry).map(({ name }) => name),
  ]),
);

const mentions = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
const declares = (text: string, name: string): boolean =>
  new RegExp(`(const|using|let) (\\{[^}]*|\\[[^\\]]*)?\\b${name}\\b`).test(text);

/** The example as a module: what it takes from around it is declared, what is ours imported. */
function moduleOf(example: string): string {
  const around = Object.entries(AROUND).filter(
    ([name]) => mentions(example, name) && !declares(example, name),
  );
  const text = [...around.map(([, declaration]) => declaration), example].join('\n');
  const used = new Set<string>();
  const imports = Object.entries(modules).map(([module, names]) => {
    const own = names.filter(
      (name) => mentions(text, name) && !declares(text, name) && !used.has(name),
    );
    for (const name of own) used.add(name);
    return own.length === 0 ? '' : `import { ${own.join(', ')} } from '${module}';`;
  });
  return [
    ...imports,
    text.replaceAll(`typeof import('./activities')`, ACTIVITIES),
    'export {};',
  ].join('\n');
}

const ACTIVITIES = '{ sendMail(to: string, template: string): Promise<void> }';

function examples(): SourceBlock[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('servers'))
    .map((file) => `src/${file}`);
  return ['client.ts', ...files].flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return [...text.matchAll(/@example(.*?)(?=\n\s*\* @|\*\/)/gs)].map(([, source = ''], i) => ({
      name: join(ROOT, `${file.replaceAll('/', '-')}.${i + 1}.ts`),
      source: moduleOf(source.replace(/\n\s*\* ?/g, '\n').trim()),
    }));
  });
}

test('every example of a docstring compiles', () => {
  const blocks = examples();
  expect(blocks.length).toBeGreaterThan(50);
  expect(typeComplaints(blocks)).toEqual([]);
}, 120_000);
