import { datastore, t } from 'nightshift';

export const Users = datastore('Users', {
  name: t.String,
  age: t.Int,
  score: t.Float,
  active: t.Bool,
  joined: t.Date,
  tags: t.List(t.String),
  notes: t.Dict(t.Int),
});
