import { InvalidInputError } from './errors';

/** Prefix of what belongs to Nightshift itself: workflow types, MongoDB collections. */
export const RESERVED_PREFIX = 'nightshift.';

const MAX_HANDLER_NAME = 200;
const MAX_KEY_BYTES = 1024;
const MAX_EVENT_ID = 500;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
// An app's name is a MongoDB database (at most 63 bytes, few characters) and a Temporal task queue.
const APP_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$/;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * The name of a definition, or the name itself, checked.
 * @throws {InvalidInputError} code `handler_name_invalid`
 */
export function nameOf(given: string | { readonly name: string }, what: string): string {
  const name = typeof given === 'string' ? given : given.name;
  checkHandlerName(name, what);
  return name;
}

/** @throws {InvalidInputError} code `handler_name_invalid` */
export function checkHandlerName(name: unknown, what = 'A handler name'): asserts name is string {
  const refuse = (why: string): never => {
    throw new InvalidInputError('handler_name_invalid', `${what} ${why}`, {
      details: { name: typeof name === 'string' ? name.slice(0, MAX_HANDLER_NAME) : typeof name },
    });
  };
  if (typeof name !== 'string') return refuse(`must be a text, got ${typeof name}`);
  if (name === '') return refuse('must not be empty');
  if (name.length > MAX_HANDLER_NAME)
    return refuse(`must have at most ${MAX_HANDLER_NAME} characters, got ${name.length}`);
  if (name.startsWith(RESERVED_PREFIX) || name.startsWith('__temporal'))
    return refuse(`must not start with "${RESERVED_PREFIX}" or "__temporal", got "${name}"`);
  if (CONTROL.test(name) || name.trim() !== name)
    return refuse('must not hold control characters, nor start or end with a space');
}

/** @throws {InvalidInputError} code `config_invalid`, with `remedy`, which tells where to set another */
export function checkAppName(
  name: string,
  remedy = 'set NIGHTSHIFT_NAME, or pass the option "name"',
): void {
  if (APP_NAME.test(name)) return;
  throw new InvalidInputError(
    'config_invalid',
    `An app name must be 1 to 48 letters, digits, "-" or "_", starting with a letter or digit, got "${name.slice(0, 80)}"`,
    { remedies: [remedy] },
  );
}

/** @throws {InvalidInputError} code `key_invalid` if `key` cannot be the key of a record of `datastore` */
export function checkKey(key: unknown, datastore: string): asserts key is string {
  const refuse = (why: string): never => {
    throw new InvalidInputError('key_invalid', `A key of datastore "${datastore}" ${why}`, {
      details: { datastore },
    });
  };
  if (typeof key !== 'string')
    return refuse(`must be a text, got ${key === null ? 'null' : typeof key}`);
  if (key === '') return refuse('must not be empty');
  if (key.length > MAX_KEY_BYTES || utf8Length(key) > MAX_KEY_BYTES)
    return refuse(`must have at most ${MAX_KEY_BYTES} bytes (1 KiB), got ${utf8Length(key)}`);
  if (!key.isWellFormed() || key.includes('\0'))
    return refuse('must not hold a NUL character or half a surrogate pair');
}

/** @throws {InvalidInputError} code `event_invalid` */
export function checkEventId(id: unknown): asserts id is string {
  if (typeof id === 'string' && id.startsWith(RESERVED_PREFIX)) {
    throw new InvalidInputError(
      'event_invalid',
      `An event id must not start with "${RESERVED_PREFIX}", got "${id.slice(0, MAX_EVENT_ID)}"`,
    );
  }
  if (typeof id === 'string' && id !== '' && id.length <= MAX_EVENT_ID && !CONTROL.test(id)) return;
  throw new InvalidInputError(
    'event_invalid',
    `An event id must be a text of 1 to ${MAX_EVENT_ID} characters without control characters, got ${
      typeof id === 'string' ? `${id.length} characters` : typeof id
    }`,
  );
}

/** Field and datastore names: JavaScript identifiers of ASCII letters, so that they need no quoting anywhere. */
export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name);
}

/** Bytes of `text` in UTF-8, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const c of text) {
    const point = c.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
