import type { ERROR_CODES } from './error-codes';

/** The code of an error: `docs/errors.md` lists all, with cause and remedy. Codes are stable: programs may test for them. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What an error carries besides its code and message. */
export interface ErrorOptions {
  /** What a program may want to know: names, paths, sizes. Never payloads or secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What to do about it, one line each. Shown by the CLI below the message. */
  readonly remedies?: readonly string[];
  readonly cause?: unknown;
}

/** Base of all errors that Nightshift throws on purpose; `code` says which one. */
export class NightshiftError extends Error {
  override readonly name: string = 'NightshiftError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly remedies: readonly string[];

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.remedies = options.remedies ?? [];
  }
}

/** The set-up is wrong (configuration, app module, servers): mend it and start again. */
export class ConfigError extends NightshiftError {
  override readonly name = 'ConfigError';
}

/** What the caller passed can never be accepted: the same input fails again. */
export class InvalidInputError extends NightshiftError {
  override readonly name = 'InvalidInputError';
}

/** What the caller names does not exist. */
export class NotFoundError extends NightshiftError {
  override readonly name = 'NotFoundError';
}

/** Somebody else got there first. */
export class ConflictError extends NightshiftError {
  override readonly name = 'ConflictError';
}

/**
 * True if `error`, or anything in its chain of causes, carries `code`: as one of our errors, or as the `type` of a
 * Temporal failure, which is how our errors look after crossing from an activity or a handler.
 */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 20; e = e.cause, depth++) {
    const { code: own, type } = e as { code?: unknown; type?: unknown };
    if (own === code || type === code) return true;
  }
  return false;
}

/** What is wrong and what to do about it as one text: of an error that crosses from an activity or a handler, all that is left. */
export const adviceOf = ({ message, remedies }: NightshiftError): string =>
  [message, ...remedies].join('; ');

/** The message of anything that was thrown, whatever it is. Never throws: it runs where errors are handled. */
export function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message || error.name : error);
  } catch {
    return 'Something was thrown that has no text'; // e.g. an object without prototype
  }
}
