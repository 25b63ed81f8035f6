import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import {
  ConflictError,
  InvalidInputError,
  messageOf,
  NightshiftError,
  NotFoundError,
} from '../shared/errors';
import { HTTP_CODES, type HttpCode } from './http-codes';

/** What is wrong with a request, for people and programs. */
export interface Problem {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly message: string;
  readonly remedies: readonly string[];
}

/** Answers with a problem, as JSON. */
export function problem(
  context: Context,
  status: ContentfulStatusCode,
  code: string,
  message: string,
  remedies: readonly string[] = [],
): Response {
  return context.json({ error: { code, message, remedies } }, status);
}

/** Answers that a request is not taken. */
export const refused = (
  context: Context,
  code: HttpCode,
  message: string,
  remedies?: readonly string[],
): Response => problem(context, HTTP_CODES[code].status, code, message, remedies);

export function problemOf(error: unknown): Problem {
  if (!(error instanceof NightshiftError))
    return {
      status: HTTP_CODES.internal.status,
      code: 'internal' satisfies HttpCode,
      message: messageOf(error),
      remedies: [],
    };
  const { code, message, remedies } = error;
  return { status: statusOf(error), code, message, remedies };
}

function statusOf(error: NightshiftError): ContentfulStatusCode {
  if (error.code === 'value_too_large') return 413;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof ConflictError) return 409;
  if (error instanceof InvalidInputError || error.code === 'payload_unreadable') return 422;
  return 503;
}
