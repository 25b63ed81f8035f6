import type { Context } from 'hono';
import { InvalidInputError, messageOf } from '../shared/errors';

/**
 * The texts of a form, trimmed, without those that are empty.
 * @throws {InvalidInputError} code `usage` for a body that is not what its content type says
 */
export async function formOf(context: Context): Promise<ReadonlyMap<string, string>> {
  const form = await read(context);
  const texts = Object.entries(form).flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [],
  );
  return new Map(texts);
}

async function read(context: Context): Promise<Record<string, unknown>> {
  try {
    return await context.req.parseBody();
  } catch (error) {
    throw new InvalidInputError('usage', `The form cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
