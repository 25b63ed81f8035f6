import { installProgress } from '../../../src/servers/build-documentdb';

test('progress of an installation grows over all its phases', () => {
  const reports: [number | undefined, string][] = [];
  const line = installProgress((...report) => reports.push(report));
  line('I: Retrieving libc6 2.41');
  line('I: Unpacking libc6:amd64...');
  line('Reading package lists...');
  line('dlstatus:5:50.0000:Retrieving file 5 of 10');
  line('pmstatus:libgdal36:25.0:Unpacking libgdal36 (amd64)');
  line('pmstatus:dpkg-exec:90.5:Running dpkg');
  expect(reports.map(([, note]) => note)).toEqual([
    'Retrieving libc6 2.41',
    'Unpacking libc6:amd64...',
    'Retrieving file 5 of 10',
    'Unpacking libgdal36 (amd64)',
    'Running dpkg',
  ]);
  const fractions = reports.map(([fraction]) => fraction ?? -1);
  expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  expect(Math.max(...fractions)).toBeLessThan(1);
});
