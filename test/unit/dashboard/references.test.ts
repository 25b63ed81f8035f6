import { referredTo } from '../../../src/dashboard/references';

const DATASTORES = ['Users', 'Team', 'OrderLines'];

it.each([
  ['user', 'Users'],
  ['users', 'Users'],
  ['userId', 'Users'],
  ['user_ids', 'Users'],
  ['userKeys', 'Users'],
  ['team', 'Team'],
  ['teams', 'Team'],
  ['orderLine', 'OrderLines'],
  ['id', undefined],
  ['username', undefined],
  ['s', undefined],
])('the field "%s" refers to %s', (field, datastore) => {
  expect(referredTo(field, DATASTORES)).toBe(datastore);
});
