/**
 * The codes of answers over HTTP that come from no error of ours, with the status they have. `docs/errors.md` is made from
 * this, too.
 */
export const HTTP_CODES = {
  body_too_large: {
    status: 413,
    cause: 'The body of the request is larger than any event may be.',
    remedy: 'Store it in parts or as a file, and send its key.',
  },
  host_refused: {
    status: 403,
    cause: 'The server is for this machine alone, and was asked under another name.',
    remedy:
      'Ask `http://localhost` or `http://127.0.0.1`; to be reached by others it needs a token: see [deploying](deploying.md).',
  },
  internal: {
    status: 500,
    cause: 'Something that Nightshift did not expect.',
    remedy: 'Report it, with the message.',
  },
  json_expected: {
    status: 415,
    cause: 'An event was sent as something else than JSON.',
    remedy: 'Send it with `Content-Type: application/json`.',
  },
  not_found: {
    status: 404,
    cause: 'The server has nothing at this path, or not for this method.',
    remedy: 'See `/openapi.json` for what there is.',
  },
  origin_refused: {
    status: 403,
    cause: "A page of another server asks, from somebody's browser.",
    remedy:
      'Ask from a program, or from the page itself. For `nightshift codec` name the address of the Temporal UI.',
  },
  read_only: {
    status: 403,
    cause: 'The token is for looking only, and the request would change something.',
    remedy: 'Use the other token, `NIGHTSHIFT_TOKEN`.',
  },
  token_needed: {
    status: 401,
    cause: 'The request came without the token, or with a wrong one.',
    remedy: 'Send it as `Authorization: Bearer …`.',
  },
} as const;

export type HttpCode = keyof typeof HTTP_CODES;
