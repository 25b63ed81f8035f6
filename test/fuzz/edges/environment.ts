import fc from 'fast-check';
import { resolveConfig } from '../../../src/config';
import { ConfigError, InvalidInputError } from '../../../src/shared/errors';
import type { Edge } from '../edge';
import { mutated, texts } from '../texts';

const VARIABLES = [
  ...['NIGHTSHIFT_NAME', 'NIGHTSHIFT_RETRY_DELAY', 'MONGODB_URI'],
  ...['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_API_KEY', 'TEMPORAL_TLS'],
  ...['TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_SERVER_CA_CERT_DATA', 'TEMPORAL_PROFILE'],
  ...['TEMPORAL_CONFIG_FILE', 'TEMPORAL_GRPC_META_X', '__proto__'],
];

const SECRET = 'user:secret';
const RIGHT = ['shop', '5 minutes', `mongodb://${SECRET}@host:27017/?a=b`, 'host:7233', 'true'];

/** The environment is taken, or refused with the name of what is wrong, and never with what it holds. */
export const environment: Edge<Record<string, string>> = {
  name: 'environment',
  share: 50,
  inputs: fc.dictionary(fc.constantFrom(...VARIABLES), fc.oneof(texts, mutated(RIGHT)), {
    maxKeys: 5,
  }),
  try(env) {
    try {
      resolveConfig({}, { env, cwd: '/' });
    } catch (error) {
      if (!(error instanceof ConfigError || error instanceof InvalidInputError)) throw error;
      const isSecret = env['MONGODB_URI']?.includes(SECRET) === true;
      const isElsewhere = Object.entries(env).some(
        ([name, value]) => name !== 'MONGODB_URI' && value.includes(SECRET),
      );
      if (isSecret && !isElsewhere && error.message.includes(SECRET))
        throw new Error('a secret was told', { cause: error });
    }
  },
};
