import { datastore, t, worker } from 'nightshift';
import { complete } from '../../../src/repl/complete';

const Users = datastore('users', {
  name: t.String,
  nick: t.optional(t.String),
  home: t.Record({ street: t.String, geo: t.optional(t.Record({ lat: t.Float, lon: t.Float })) }),
});
const Pets = datastore('pets', { owner: t.String });

class Base {
  query(): void {}
}
class Functions extends Base {
  queryCount = 1;
  get touched(): never {
    throw new Error('a getter was called');
  }
}

const values: Record<string, unknown> = {
  ...{ Users, Pets, DB: new Functions(), min: 3, nested: { deep: { er: 1 } }, text: 'a' },
  onSignup: worker('onSignup', async () => 1),
};
const scope = { names: () => Object.keys(values), valueOf: (name: string) => values[name] };

describe('complete', () => {
  it.each<[string, string[], string]>([
    ['', ['DB', 'Pets', 'Users', 'min', 'nested', 'onSignup', 'text'], ''],
    ['Us', ['Users'], 'Us'],
    ['emit({}, on', ['onSignup'], 'on'],
    ['await DB.qu', ['query', 'queryCount'], 'qu'],
    ['DB.', ['query', 'queryCount', 'touched'], ''],
    ['DB.touched.', [], ''],
    ['nested.deep.', ['er'], ''],
    ['nested?.deep?.e', ['er'], 'e'],
    ['text.toLowerC', ['toLowerCase'], 'toLowerC'],
    ['nobody.x', [], 'x'],
    ['f().x', [], 'x'],
    ['1.', [], ''],
    ['DB.query(Users, (u) => u.', ['home', 'name', 'nick'], ''],
    ['DB.query(Users, (u) => u.age > min && u.n', ['name', 'nick'], 'n'],
    ['DB.query(Users, (u) => u.home.', ['geo', 'street'], ''],
    ['DB.query(Users, (u) => u.home?.geo?.l', ['lat', 'lon'], 'l'],
    ['DB.query(Users, (u) => u.name.', [], ''],
    ['DB.query(Users, u => u.', ['home', 'name', 'nick'], ''],
    ['DB.query(Users, (u: any) => u.', ['home', 'name', 'nick'], ''],
    ['DB.query(Users, function (u) { return u.', ['home', 'name', 'nick'], ''],
    ['DB.query(Users, ({ na', ['name'], 'na'],
    ['DB.query(Users, ({ name, ', ['home', 'name', 'nick'], ''],
    ['DB.update("k", Pets, (p) => ({ ...p, owner: p.', ['owner'], ''],
    ['DB.query(Users, (u) => 1); DB.query(Pets, (p) => p.', ['owner'], ''],
    ['DB.query(Users, (u) => m', ['min'], 'm'],
    ['DB.query(min, (u) => u.', [], ''],
  ])('%j: %j', (line, candidates, part) => {
    expect(complete(line, scope)).toEqual([candidates, part]);
  });

  it('offers the name of the record itself', () => {
    expect(complete('DB.query(Users, (user) => us', scope)).toEqual([['user'], 'us']);
  });
});
