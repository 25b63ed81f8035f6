import { bundleApp } from '../../src/app/bundle-app';
import { appPath } from '../support/test-app';

const packagesOf = (code: string): string[] => {
  const names = [...code.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g)].map(
    ([, name]) => name ?? '',
  );
  return [...new Set(names)].sort();
};

let code: string;
beforeAll(async () => {
  ({
    bundle: { code },
  } = await bundleApp(appPath('stores.ts')));
});

// What every bundle of Temporal's own holds; anything more would run before each event.
const TEMPORAL_NEEDS = ['long', 'ms', 'nexus-rpc'];

test('the workflow bundle has no dependency but Temporal and what that needs', () => {
  const packages = packagesOf(code).filter((name) => !name.startsWith('@temporalio/'));
  expect(packages.filter((name) => !TEMPORAL_NEEDS.includes(name))).toEqual([]);
});

test.each([
  'zod',
  'mongodb',
  'bson',
  '@temporalio/client',
  '@temporalio/worker',
  '@temporalio/activity',
])('the workflow bundle is free of %s', (name) => expect(packagesOf(code)).not.toContain(name));

test('the workflow bundle stays small', () => {
  const sourceMap = code.indexOf('//# sourceMappingURL');
  expect((sourceMap < 0 ? code : code.slice(0, sourceMap)).length).toBeLessThan(1_500_000);
});

test('files names the modules of the app and nothing else', async () => {
  const { files } = await bundleApp(appPath('mail/app.ts'));
  expect(files).toEqual([appPath('mail/app.ts')]);
});
