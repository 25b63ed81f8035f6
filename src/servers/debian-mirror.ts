import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Debian's own address, which leads to a mirror nearby. */
export const PUBLIC_MIRROR = 'http://deb.debian.org/debian';

/**
 * The Debian mirror this machine installs from, so that a company's mirror is used where there is one; the public
 * address if this is not Debian or names none.
 */
export async function debianMirror(etc = '/etc'): Promise<string> {
  const release = await readFile(join(etc, 'os-release'), 'utf8').catch(() => '');
  if (!/^ID="?debian"?$/m.test(release)) return PUBLIC_MIRROR;
  const folder = join(etc, 'apt', 'sources.list.d');
  const names = (await readdir(folder).catch(() => [])).sort();
  const files = [join(etc, 'apt', 'sources.list'), ...names.map((name) => join(folder, name))];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const found = file.endsWith('.sources')
      ? mirrorInDeb822(text)
      : file.endsWith('.list')
        ? mirrorInList(text)
        : undefined;
    if (found !== undefined) return found;
  }
  return PUBLIC_MIRROR;
}

/** The first Debian mirror in one-line format: `deb [options] URI suite component…`. */
export function mirrorInList(text: string): string | undefined {
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$/.exec(line);
    if (match === null) continue;
    const [, uri = '', suite = '', components = ''] = match;
    if (isDebianMain(uri, [suite], components.split(/\s+/))) return uri.replace(/\/+$/, '');
  }
  return undefined;
}

/** The first Debian mirror in deb822 format: stanzas of `Types`, `URIs`, `Suites`, `Components`. */
export function mirrorInDeb822(text: string): string | undefined {
  const withoutComments = text.replace(/^#.*\n?/gm, '');
  for (const stanza of withoutComments.split(/\n\s*\n/)) {
    const field = (name: string): string[] => {
      const match = new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)`, 'im').exec(stanza);
      return match?.[1]?.trim().split(/\s+/) ?? [];
    };
    if (!field('Types').includes('deb') || field('Enabled')[0] === 'no') continue;
    const uri = field('URIs').find((u) => isDebianMain(u, field('Suites'), field('Components')));
    if (uri !== undefined) return uri.replace(/\/+$/, '');
  }
  return undefined;
}

// Third parties have suites and components of their own; Debian's own lists that lack `forky` are security's.
const DEBIAN_SUITE =
  /^(bullseye|bookworm|trixie|forky|sid|oldstable|stable|testing|unstable)(-updates)?$/;

function isDebianMain(uri: string, suites: string[], components: string[]): boolean {
  if (!/^https?:\/\//.test(uri) || !components.includes('main')) return false;
  return suites.some((suite) => DEBIAN_SUITE.test(suite)) && !/security/.test(uri);
}

/** Settings of this machine's apt that another Debian on it needs as well (proxies, dates), as apt.conf lines. */
export function sharedAptSettings(aptConfigDump: string): string[] {
  return aptConfigDump
    .split('\n')
    .filter((line) => /^Acquire::(https?|ftp|Check-|Retries|ForceIPv|Max-ValidTime)/i.test(line));
}
