import { aboutOf, comparable, contentOf } from '../../../src/shared/step-content';

const [A, B] = ['3a58931b-34f0-41ad-91d2-09fee607982a', '0190655c-4d23-4397-81de-b5d0fcef245e'];
const none = new Set<string>();
const same = (name: string, a: unknown, b: unknown, known: ReadonlySet<string> = none): boolean =>
  contentOf(name, a, known) === contentOf(name, b, known);

it.each<[string, string, unknown, unknown]>([
  ['the order of members', 'DB::set', [{ a: 1, b: { c: 2, d: 3 } }], [{ b: { d: 3, c: 2 }, a: 1 }]],
  ['ids that the run made', 'DB::set', [{ id: A }, A, 'Users'], [{ id: B }, B, 'Users']],
  ['the id of an emitted event', 'Event::emit', [1, 'w', { id: 'a' }], [1, 'w', { id: 'b' }]],
  ['the key of an added record', 'DB::add', [{}, 'a', 'Users'], [{}, 'b', 'Users']],
  ['the revision of an update', 'DB::replace', [{}, 'k', 1, 'Users'], [{}, 'k', 7, 'Users']],
])('%s does not count', (_what, name, a, b) => {
  expect(same(name, a, b)).toBe(true);
});

it.each<[string, string, unknown, unknown]>([
  ['a value', 'DB::set', [{ a: 1 }, 'k', 'Users'], [{ a: 2 }, 'k', 'Users']],
  ['a key', 'DB::set', [{}, 'k', 'Users'], [{}, 'l', 'Users']],
  ['the order of a list', 'DB::set', [{ a: [1, 2] }], [{ a: [2, 1] }]],
  ['what is emitted', 'Event::emit', [1, 'w', { id: 'a' }], [2, 'w', { id: 'a' }]],
  ['when it is emitted', 'Event::emit', [1, 'w', { id: 'a', delayMs: 5 }], [1, 'w', { id: 'a' }]],
  ['that there are no arguments', 'w', [], undefined],
])('%s counts', (_what, name, a, b) => {
  expect(same(name, a, b)).toBe(false);
});

it('ids that came from outside count', () => {
  expect(same('DB::get', [A, 'Users'], [B, 'Users'], new Set([A, B]))).toBe(false);
  expect(same('DB::get', [A, 'Users'], [B, 'Users'], new Set([A]))).toBe(false);
});

it('compares values, also none', () => {
  expect(comparable({ value: undefined }, none)).toBe(comparable({}, none));
  expect(comparable({ value: null }, none)).not.toBe(comparable({}, none));
});

it('an emit is about its handler', () => {
  expect(aboutOf('Event::emit', 'sendWelcome mail-1')).toBe('sendWelcome');
  expect(aboutOf('DB::set', 'Users "paul"')).toBe('Users "paul"');
});
