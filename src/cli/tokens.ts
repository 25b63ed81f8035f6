import type { Tokens } from '../dashboard/access';

/** Who may use the dashboard, by the environment. */
export function tokensIn(env: NodeJS.ProcessEnv): Tokens {
  const { NIGHTSHIFT_TOKEN: token, NIGHTSHIFT_READ_TOKEN: readToken } = env;
  return {
    ...(token ? { token } : {}),
    ...(readToken ? { readToken } : {}),
  };
}
