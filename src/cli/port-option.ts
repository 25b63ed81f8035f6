import { NightshiftError } from '../shared/errors';
import { type CommandInput, textOption } from './command';

/** @throws {NightshiftError} code `usage` if it is no port */
export function portOf(input: CommandInput, option: string): number | undefined {
  const text = textOption(input, option);
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new NightshiftError('usage', `A port is a whole number from 1 to 65535, got "${text}"`);
  }
  return port;
}
