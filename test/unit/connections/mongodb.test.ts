import { inspect } from 'node:util';
import { connectMongodb } from '../../../src/connections/mongodb';

test.each([
  'mongodb://user:s3cret@',
  'mongodb://user:s3cret@host/?what=ever&w=s3cret',
  'mongodb://u:p%s3cret@host',
])('a URI that cannot be read is refused without showing any of it: %s', async (uri) => {
  const error: unknown = await connectMongodb(uri, 'shop').catch((e: unknown) => e);
  expect(error).toMatchObject({ name: 'ConfigError', code: 'config_invalid' });
  expect(inspect(error, { depth: 10 })).not.toContain('s3cret');
});
