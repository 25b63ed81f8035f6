import { temporal } from '@temporalio/proto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { z } from 'zod';
import { InvalidInputError } from '../shared/errors';
import { createAccess, type Tokens } from './access';
import { admitted, type DashboardEnv, headers, localNames } from './guard';
import { problem, problemOf, refused } from './problem';

export interface CodecServerDeps {
  readonly codec: PayloadCodec;
  readonly tokens?: Tokens;
  /** True if only this machine can reach it. Default true. */
  readonly isLocal?: boolean;
  /** The addresses of the Temporal UI: the pages of no other may ask. */
  readonly origins: readonly string[];
}

/** A page of the UI shows many payloads, of at most 2 MB each, in base64. */
const MAX_BODY = 64 * 2 ** 20;

const { Payloads } = temporal.api.common.v1;

/** Payloads in the JSON form of protocol buffers: bytes as base64. */
const request = z.object({
  payloads: z.array(
    z.object({
      metadata: z.record(z.string(), z.base64()).optional(),
      data: z.base64().optional(),
    }),
  ),
});

/**
 * Temporal's remote codec: by it the Temporal UI and CLI show payloads that are encrypted, to those who may see them.
 * Whoever has the token for looking may decode, as traces show the same; only who may emit may encode.
 */
export function createCodecServer({
  codec,
  tokens = {},
  isLocal = true,
  origins,
}: CodecServerDeps): Hono<DashboardEnv> {
  const app = new Hono<DashboardEnv>();
  const allowed = cors({
    origin: [...origins],
    credentials: true,
    allowMethods: ['POST'],
  });
  app.use(headers(), localNames(isLocal), allowed, async (context, next) => {
    const origin = context.req.header('origin');
    if (origin === undefined || origins.includes(origin)) return next();
    return refused(context, 'origin_refused', `Pages of ${origin} may not ask`, [
      'name the address of the Temporal UI: nightshift codec --ui <address>',
    ]);
  });
  app.use(bodyLimit({ maxSize: MAX_BODY }));
  const access = createAccess(tokens);
  app.post('/decode', admitted(access, { looks: true }), async (context) =>
    context.json(toJson(await codec.decode(await payloadsOf(context.req)))),
  );
  app.post('/encode', admitted(access), async (context) =>
    context.json(toJson(await codec.encode(await payloadsOf(context.req)))),
  );
  app.notFound((context) =>
    refused(context, 'not_found', 'This server takes POST /decode and POST /encode only'),
  );
  app.onError((error, context) => {
    const { status, code, message, remedies } = problemOf(error);
    return problem(context, status, code, message, remedies);
  });
  return app;
}

async function payloadsOf(body: { json(): Promise<unknown> }): Promise<Payload[]> {
  const parsed = request.safeParse(await body.json().catch(() => undefined));
  if (parsed.success) return Payloads.fromObject(parsed.data).payloads;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the body' : issue.path.join('.');
  throw new InvalidInputError(
    'usage',
    `Expected JSON as {"payloads":[{"metadata":{…},"data":"…"}]} with bytes in base64; ${where}: ${issue?.message ?? 'is wrong'}`,
  );
}

const base64 = (bytes: Uint8Array | null | undefined): string =>
  Buffer.from(bytes ?? []).toString('base64');

const toJson = (payloads: readonly Payload[]): object => ({
  payloads: payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([k, v]) => [k, base64(v)])),
    data: base64(data),
  })),
});
