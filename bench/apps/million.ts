import { datastore, migration, t } from 'nightshift';

const fields = { name: t.String, age: t.Int, joined: t.Date, tags: t.List(t.String) };

export const Big = datastore('Big', fields);
export const BigV2 = datastore('BigV2', { ...fields, active: t.Bool });
export const addActive = migration('big-v2', Big, BigV2, (record) => ({ ...record, active: true }));
