import { datastore, migration, t } from 'nightshift';

export const Numbers = datastore('Numbers', { n: t.Int });
export const Doubled = datastore('Doubled', { n: t.Int, twice: t.Int });

export const double = migration('double', Numbers, Doubled, ({ n }) => ({ n, twice: 2 * n }));
