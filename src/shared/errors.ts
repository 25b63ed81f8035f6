/** Every code an error of Nightshift can carry. Codes are stable: programs may test for them. */
export type ErrorCode =
  | 'app_invalid'
  | 'app_not_found'
  | 'bundle_failed'
  | 'cancelled'
  | 'capture_invalid'
  | 'config_invalid'
  | 'cron_invalid'
  | 'cron_not_found'
  | 'definition_duplicate'
  | 'definition_invalid'
  | 'duration_invalid'
  | 'event_id_taken'
  | 'event_invalid'
  | 'event_not_found'
  | 'event_too_large'
  | 'flag_invalid'
  | 'folder_not_empty'
  | 'handler_failed'
  | 'handler_name_invalid'
  | 'handler_unknown'
  | 'key_invalid'
  | 'migration_failed'
  | 'migration_running'
  | 'migration_unknown'
  | 'missing'
  | 'missing_not_found'
  | 'mongodb_unavailable'
  | 'mongodb_unreachable'
  | 'not_blocked'
  | 'not_paused'
  | 'operation_ended'
  | 'operation_failed'
  | 'operation_not_found'
  | 'port_in_use'
  | 'query_invalid'
  | 'rate_invalid'
  | 'record_corrupt'
  | 'record_invalid'
  | 'record_not_found'
  | 'redrive_invalid'
  | 'redrive_running'
  | 'rule_invalid'
  | 'schema_locked'
  | 'datastore_unknown'
  | 'servers_in_use'
  | 'server_failed'
  | 'still_held'
  | 'still_missing'
  | 'temporal_unavailable'
  | 'temporal_unreachable'
  | 'token_needed'
  | 'trace_invalid'
  | 'usage'
  | 'value_not_storable'
  | 'value_too_large'
  | 'write_conflict';

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

/** The message of anything that was thrown, whatever it is. Never throws: it runs where errors are handled. */
export function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message || error.name : error);
  } catch {
    return 'Something was thrown that has no text'; // e.g. an object without prototype
  }
}
