/** What the development servers are made of. A new version gets a new folder in the cache. */
export const TEMPORAL_CLI_VERSION = 'v1.8.2';

/** Older `temporal` programs hold servers without fairness, workflow pause and standalone activities. */
export const TEMPORAL_CLI_MINIMUM = '1.7.0';

export const MONGOD_VERSION = '8.2.6';
export const MONGOD_MINIMUM = '6.0.0';

export const GATEWAY_VERSION = 'v2.7.0';

/** PostgreSQL with the DocumentDB extension, as Debian packages it. */
export const DOCUMENTDB = {
  version: '1.0',
  suite: 'forky',
  package: 'postgresql-18-documentdb',
  postgres: '/usr/lib/postgresql/18/bin',
} as const;

/** Compares dotted versions by their numbers; a leading letter (`v1.2`, `go1.26`) is skipped. */
export function isOlder(version: string, minimum: string): boolean {
  const [a, b] = [numbers(version), numbers(minimum)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbers(version: string): number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
}
