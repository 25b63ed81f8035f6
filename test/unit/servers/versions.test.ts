import { isOlder } from '../../../src/servers/versions';

test.each([
  ['1.7.0', '1.7.0', false],
  ['1.6.9', '1.7.0', true],
  ['1.10.0', '1.9.9', false],
  ['go1.26.8', '1.26.4', false],
  ['go1.26', '1.26.4', true],
  ['v8.2.6', '6.0.0', false],
  ['nonsense', '1.0.0', true],
])('%s older than %s: %s', (version, minimum, older) => {
  expect(isOlder(version, minimum)).toBe(older);
});
