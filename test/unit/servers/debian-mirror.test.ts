import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proxiesOf } from '../../../src/servers/chroot';
import {
  debianMirror,
  mirrorInDeb822,
  mirrorInList,
  PUBLIC_MIRROR,
  sharedAptSettings,
} from '../../../src/servers/debian-mirror';

test.each([
  ['deb http://mirror.test/debian bookworm main', 'http://mirror.test/debian'],
  [
    'deb [arch=amd64 signed-by=/k.gpg] https://m.test/debian/ trixie main contrib',
    'https://m.test/debian',
  ],
  [
    '# deb http://old.test/debian bookworm main\ndeb http://m.test/d stable-updates main',
    'http://m.test/d',
  ],
  ['deb-src http://m.test/debian bookworm main', undefined],
  ['deb http://m.test/debian-security bookworm-security main', undefined],
  ['deb https://other.test/apt cloud-sdk main', undefined],
  ['deb https://other.test/apt bookworm stable', undefined],
  ['deb cdrom:[Debian]/ bookworm main', undefined],
])('one-line sources: %s', (text, mirror) => {
  expect(mirrorInList(text)).toBe(mirror);
});

test.each([
  [
    'Types: deb\n# a comment\nURIs: http://m.test/debian/\nSuites: bookworm bookworm-updates\nComponents: main\n',
    'http://m.test/debian',
  ],
  [
    'Types: deb\nURIs: http://s.test/debian-security\nSuites: bookworm-security\nComponents: main\n\n' +
      'Types: deb deb-src\nURIs: http://m.test/debian\nSuites:\n trixie\n trixie-updates\nComponents: main\n',
    'http://m.test/debian',
  ],
  [
    'Enabled: no\nTypes: deb\nURIs: http://m.test/debian\nSuites: sid\nComponents: main\n',
    undefined,
  ],
  ['Types: deb-src\nURIs: http://m.test/debian\nSuites: sid\nComponents: main\n', undefined],
  ['Types: deb\nURIs: https://x.test/node\nSuites: nodistro\nComponents: main\n', undefined],
])('deb822 sources %#', (text, mirror) => {
  expect(mirrorInDeb822(text)).toBe(mirror);
});

describe('the mirror of this machine', () => {
  let etc: string;
  beforeEach(() => {
    etc = mkdtempSync(join(tmpdir(), 'nightshift-etc-'));
    mkdirSync(join(etc, 'apt/sources.list.d'), { recursive: true });
    writeFileSync(
      join(etc, 'apt/sources.list.d/debian.sources'),
      'Types: deb\nURIs: http://m.test/debian\nSuites: bookworm\nComponents: main\n',
    );
  });
  afterEach(() => rmSync(etc, { recursive: true }));

  test('is the one apt uses', async () => {
    writeFileSync(join(etc, 'os-release'), 'NAME="Debian"\nID=debian\n');
    expect(await debianMirror(etc)).toBe('http://m.test/debian');
  });

  test('is the public one where the system is not Debian, or names none', async () => {
    writeFileSync(join(etc, 'os-release'), 'ID=ubuntu\nID_LIKE=debian\n');
    expect(await debianMirror(etc)).toBe(PUBLIC_MIRROR);
    expect(await debianMirror(join(etc, 'absent'))).toBe(PUBLIC_MIRROR);
  });
});

test('takes over what apt knows about the network, and nothing else', () => {
  const dump = [
    'APT::Architecture "amd64";',
    'Acquire::http::Proxy "http://proxy.test:3128";',
    'Acquire::Check-Valid-Until "false";',
    'Acquire::GzipIndexes "true";',
    'Acquire::Languages:: "none";',
  ].join('\n');
  const settings = sharedAptSettings(dump);
  expect(settings).toEqual([
    'Acquire::http::Proxy "http://proxy.test:3128";',
    'Acquire::Check-Valid-Until "false";',
  ]);
  expect(proxiesOf(settings)).toEqual({ http_proxy: 'http://proxy.test:3128' });
});
